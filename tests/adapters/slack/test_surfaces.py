"""What agents see when they press, type, fill in and look: privately, kindly, in their words."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.domain.ids import TemplateId
from bridge.domain.template import Takes, Template, Variable
from bridge.simulators.common.wire import Json
from bridge.simulators.slack import Fault, Person, View
from tests.adapters.slack.office import Office, Shown, buttons, fields, home, open_office, words

MAP = Template(
    id=TemplateId(10**15),
    name="map",
    language="en",
    body="{{header_image}} {{name}}, this is how to find us",
    special=(Variable(name="header_image", takes=Takes.IMAGE),),
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with open_office(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def fresh(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


async def typed(office: Office, person: Person, line: str) -> Shown:
    """What he is shown for a slash command."""
    before = office.seen(person)
    await person.types(office.room, line)
    return await office.told(person, before)


# --- boards -----------------------------------------------------------------------------------


async def test_queues_opens_the_board(office: Office) -> None:
    shown = await typed(office, office.ana, "/queues")

    assert isinstance(shown, View)
    assert "Support" in words(shown)
    assert "Sales" in words(shown)
    assert "Bo" in words(shown)


async def test_one_queue_is_answered_privately(office: Office) -> None:
    shown = await typed(office, office.ana, "/queues sales")

    assert "Sales" in words(shown)
    assert "Support" not in words(shown)


async def test_the_history_of_a_conversation_opens_in_a_modal(office: Office) -> None:
    talk = await office.held("Eva")

    shown = await typed(office, office.bo, f"/events #{talk.number}")

    assert isinstance(shown, View)
    assert "Bo" in words(shown)


async def test_the_history_typed_in_the_thread_is_a_private_line(office: Office) -> None:
    talk = await office.held("Edgar")
    before = office.seen(office.bo)

    await office.bo.replies(talk.card, "!events")
    shown = await office.told(office.bo, before)

    assert not isinstance(shown, View)
    assert "Bo" in words(shown)
    assert talk.customer.lines("agent") == ["I am looking into it"]


async def test_the_list_of_conversations_has_take_and_narrows_down(office: Office) -> None:
    talk = await office.waiting("Filippa")
    shown = await typed(office, office.bo, "/conversations")
    assert isinstance(shown, View)
    assert f"#{talk.number}" in words(shown)

    await office.bo.clicks(shown, "fill:filter")
    form = await office.modal(office.bo, "state", "queue", "priority", "since", "text", "channel")
    await office.bo.submits(form, {"text": "Nobody of this name"})
    await office.until(lambda: "No conversation matches" in words(office.bo.modals[-1]))

    await office.bo.clicks(office.bo.modals[-1], "fill:filter")
    form = await office.modal(office.bo, "state", "text")
    await office.bo.submits(form, {"text": "Filippa", "state": "waiting"})
    await office.until(lambda: "Filippa" in words(office.bo.modals[-1]))
    take = next(
        one for one in buttons(office.bo.modals[-1]) if one.action_id.startswith("run:take")
    )
    await office.bo.clicks(office.bo.modals[-1], take.action_id)
    await office.happened(talk, "assigned")


async def test_a_filter_that_means_nothing_is_answered_in_its_form(office: Office) -> None:
    shown = await typed(office, office.bo, "/conversations")
    await office.bo.clicks(shown, "fill:filter")
    form = await office.modal(office.bo, "channel")

    outcome = await office.bo.submits(form, {"channel": "carrier pigeon"})

    assert "carrier pigeon" in str(outcome.errors)


async def test_help_lists_what_one_may_do(office: Office) -> None:
    shown = await typed(office, office.bo, "/desk-help")

    assert "/transfer" in words(shown)


async def test_watch_follows_a_conversation_in_the_monitor_room(office: Office) -> None:
    talk = await office.held("Greta")

    shown = await typed(office, office.ana, f"/watch #{talk.number}")

    assert "monitor room" in words(shown)


# --- which conversation -----------------------------------------------------------------------


async def test_the_only_conversation_that_one_holds_is_chosen_already(fresh: Office) -> None:
    talk = await fresh.held("Mona")

    await fresh.bo.types(fresh.room, "/priority")
    form = await fresh.modal(fresh.bo, "conversation", "level")
    await fresh.bo.submits(form, {"level": "high"})

    await fresh.happened(talk, "priority_changed")


async def test_with_nothing_to_choose_from_one_is_told_so(fresh: Office) -> None:
    shown = await typed(fresh, fresh.bo, "/priority")

    assert "hold no conversation" in words(shown)


async def test_a_picker_offers_only_what_is_ones_own_to_see(fresh: Office) -> None:
    theirs, waiting = await fresh.held("Nils", fresh.ana), await fresh.waiting("Nora")
    await fresh.held("Nadja")
    await fresh.bo.types(fresh.room, "/events")
    form = await fresh.modal(fresh.bo, "conversation")

    found = await fresh.bo.searches(form, "pick:conversation", "")

    values = {each["value"] for each in found}
    assert f"#{waiting.number}" in values
    assert f"#{theirs.number}" not in values


# --- refusals ---------------------------------------------------------------------------------


async def test_a_refusal_shows_in_the_form(office: Office) -> None:
    talk = await office.held("Olga")
    shown = await typed(office, office.bo, f"/ticket #{talk.number}")
    assert isinstance(shown, View)

    outcome = await office.bo.submits(shown, {"type": "problem"})

    assert "Describe what it is about" in str(outcome.errors["description"])


async def test_ways_on_are_buttons_in_the_modal(fresh: Office) -> None:
    talk = await fresh.held("Otto")
    await fresh.ana.types(fresh.room, "/available off lunch")
    shown = await typed(fresh, fresh.bo, f"/transfer #{talk.number}")
    assert isinstance(shown, View)
    [ana] = await fresh.bo.searches(shown, "pick:target", "ana")

    await fresh.bo.submits(shown, {"target": ana})
    await fresh.until(lambda: buttons(fresh.bo.modals[-1]))

    answer = fresh.bo.modals[-1]
    assert "Ana is unavailable now" in words(answer)
    await fresh.bo.clicks(answer, buttons(answer)[0].action_id)
    await fresh.happened(talk, "transferred")


async def test_somebody_elses_conversation_is_refused_with_the_reason(office: Office) -> None:
    talk = await office.held("Paula", office.ana)
    before = office.seen(office.bo)

    await office.bo.replies(talk.card, "!return-to-bot")

    assert "Ana" in words(await office.told(office.bo, before))


@pytest.mark.parametrize("line", ["/take", "/queues", "/conversations", "/available on"])
async def test_who_is_no_agent_learns_nothing(office: Office, line: str) -> None:
    await office.zoe.joins(office.room)
    secret = await office.waiting("Quirin")

    shown = await typed(office, office.zoe, line)

    assert "Quirin" not in words(shown)
    assert f"#{secret.number}" not in words(shown)


async def test_an_unknown_word_stays_inside_and_the_nearest_command_is_named(
    office: Office,
) -> None:
    talk = await office.held("Rosa")
    before = office.seen(office.bo)

    await office.bo.replies(talk.card, "!trasnfer sales")

    assert "!transfer" in words(await office.told(office.bo, before))
    assert talk.customer.lines("agent") == ["I am looking into it"]


async def test_an_unknown_word_to_the_app_itself_is_answered_and_stays_inside(
    office: Office,
) -> None:
    talk = await office.held("Rita")
    before = office.seen(office.bo)

    await office.bo.replies(talk.card, "@deskbridge prioritty high")

    assert "!priority" in words(await office.told(office.bo, before))
    assert talk.customer.lines("agent") == ["I am looking into it"]


async def test_what_was_typed_without_what_it_needs_offers_the_form(office: Office) -> None:
    talk = await office.held("Silvia")
    before = office.seen(office.bo)
    await office.bo.replies(talk.card, "!transfer")
    told = await office.told(office.bo, before)

    await office.bo.clicks(told, buttons(told)[0].action_id)

    assert {"target", "note"} <= fields(await office.modal(office.bo, "target"))


async def test_the_menu_comes_back_where_it_is_typed(office: Office) -> None:
    talk = await office.held("Sven")
    before = office.seen(office.bo)

    await office.bo.replies(talk.card, "!menu")

    told = await office.told(office.bo, before)
    assert {"Transfer", "Priority"} <= {str(one.element["text"]["text"]) for one in buttons(told)}  # type: ignore[index,call-overload]  # a button's text


async def test_a_message_of_nobodys_conversation_says_so(office: Office) -> None:
    line = await office.bo.says(office.room, "Who wants coffee?")
    before = office.seen(office.bo)

    await office.bo.uses_shortcut("conversation_ticket", line)

    assert "belongs to no conversation" in words(await office.told(office.bo, before))


async def test_a_ticket_made_from_a_message_begins_with_its_words(office: Office) -> None:
    talk = await office.held("Tom")
    line = next(one for one in office.slack.thread(talk.card) if one.user == office.bo.id)

    await office.bo.uses_shortcut("conversation_ticket", line)

    form = await office.modal(office.bo, "description")
    assert "I am looking into it" in str(form.content)


async def test_what_is_taken_out_of_a_form_is_not_sent(office: Office) -> None:
    talk = await office.held("Tina")
    line = next(one for one in office.slack.thread(talk.card) if one.user == office.bo.id)
    await office.bo.uses_shortcut("conversation_ticket", line)
    form = await office.modal(office.bo, "description")

    outcome = await office.bo.submits(form, {"description": ""})

    assert "Describe what it is about" in str(outcome.errors["description"])


# --- templates --------------------------------------------------------------------------------


async def test_a_template_is_previewed_with_its_values(office: Office) -> None:
    talk = await office.held("Ulla")
    shown = await typed(office, office.bo, f"/template #{talk.number}")

    await office.bo.clicks(shown, "fill:menu", option="order-ready")
    form = await office.modal(office.bo, "value.name", "value.order")
    assert "Hello Ulla, your order {{order}}" in words(form)
    await office.bo.clicks(
        form, "fill:line", option="4821", filled={"template": "order-ready", "value.order": "4821"}
    )

    await office.until(lambda: "order 4821 is ready" in words(office.bo.modals[-1]))


async def test_nothing_goes_out_before_it_was_seen_filled(office: Office) -> None:
    talk = await office.held("Vera")
    shown = await typed(office, office.bo, f"/template #{talk.number}")
    await office.bo.clicks(shown, "fill:menu", option="order-ready")
    form = await office.modal(office.bo, "value.name", "value.order")

    await office.bo.submits(form, {"value.name": "Vera", "value.order": "77"})
    await office.until(lambda: "order 77 is ready" in words(office.bo.modals[-1]))
    assert talk.customer.lines("agent") == ["I am looking into it"]
    question = office.bo.modals[-1]
    await office.bo.clicks(question, buttons(question)[0].action_id)

    await talk.customer.hears("Hello Vera, your order 77 is ready")


async def test_a_picture_is_chosen_in_the_form_and_goes_out_with_the_template(
    office: Office,
) -> None:
    office.house.app.parts.engine.desk.template_table.admit(MAP)
    talk = await office.held("Wanda")
    shown = await typed(office, office.bo, f"/template #{talk.number}")
    await office.bo.clicks(shown, "fill:menu", option="map")
    form = await office.modal(office.bo, "value.header_image", "value.name")
    before = office.seen(office.bo)

    picture = office.bo.picks("map.png", PNG)
    given: dict[str, Json] = {"value.header_image": [picture], "value.name": "Wanda"}
    assert (await office.bo.submits(form, given)).answered
    question = await office.told(office.bo, before)
    assert "map.png Wanda, this is how to find us" in words(question)
    await office.bo.clicks(question, buttons(question)[0].action_id)

    await office.happened(talk, "template_sent")
    await talk.customer.hears("map.png Wanda, this is how to find us")


async def test_a_picture_that_slack_does_not_hand_over_is_told_and_nothing_goes_out(
    office: Office,
) -> None:
    office.house.app.parts.engine.desk.template_table.admit(MAP)
    talk = await office.held("Wilma")
    shown = await typed(office, office.bo, f"/template #{talk.number}")
    await office.bo.clicks(shown, "fill:menu", option="map")
    form = await office.modal(office.bo, "value.header_image", "value.name")
    before = office.seen(office.bo)
    office.slack.fault(Fault(method="download", kind="status", status=404, times=None))

    picture = office.bo.picks("map.png", PNG)
    await office.bo.submits(form, {"value.header_image": [picture], "value.name": "Wilma"})

    assert "map.png" in words(await office.told(office.bo, before))
    assert "template_sent" not in await office.events(talk)
    office.slack.faults.clear()


# --- in Portuguese ----------------------------------------------------------------------------


async def test_everything_is_in_the_agents_language(tmp_path: Path) -> None:
    async with open_office(tmp_path, language="pt_BR") as desk:
        talk = await desk.held("Wanda")

        shown = await typed(desk, desk.bo, f"/transfer #{talk.number}")
        await desk.bo.opens_home(desk.app)
        await desk.until(lambda: home(desk, desk.bo))

        assert isinstance(shown, View)
        assert shown.content["submit"]["text"] == "Transferir"  # type: ignore[index,call-overload]  # a button's text
        assert "você está disponível" in home(desk, desk.bo)
