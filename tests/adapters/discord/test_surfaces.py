"""What agents see when they type, press, choose and fill in: privately, kindly, in their words."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.adapters.workspaces.discord.surfaces.syncing import Syncing
from bridge.domain.ids import TemplateId
from bridge.domain.template import Takes, Template, Variable
from bridge.simulators.common.wire import Json
from bridge.simulators.discord import Fault, Message
from tests.adapters.discord.discord_schema import needs_description, slips
from tests.adapters.discord.office import (
    Office,
    Talk,
    button,
    open_office,
    options,
    pressable,
    usable,
    words,
)

MAP = Template(
    id=TemplateId(10**15),
    name="map",
    language="en",
    body="{{header_image}} {{name}}, this is how to find us",
    special=(Variable(name="header_image", takes=Takes.IMAGE),),
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG = "She knows this customer and his lamp. " * 12


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with open_office(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def fresh(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


# --- tickets ----------------------------------------------------------------------------------


async def ticket_of(office: Office, talk: Talk) -> Message:
    given = {"action": "new", "type": "problem", "description": "The lamp flickers"}
    return await office.used(office.bo, talk.thread, "ticket", **given)


async def test_the_open_tickets_are_listed_and_closed_with_a_button(office: Office) -> None:
    talk = await office.held("Frida")
    assert "is open" in words(await ticket_of(office, talk))

    shown = await office.used(office.bo, talk.thread, "ticket")
    assert "The lamp flickers" in words(shown)
    told = await office.pressed(office.bo, shown, button(shown, "ticket", action="close"))

    assert "is closed" in words(told)


async def test_a_ticket_is_changed_in_a_form_that_begins_as_it_is(office: Office) -> None:
    talk = await office.held("Fanny")
    await ticket_of(office, talk)
    shown = await office.used(office.bo, talk.thread, "ticket")
    menu = button(shown, "ticket", **{"?": "ticket"})

    entry = str(options(shown, menu)[0]["value"])
    opened = await office.bo.chooses(shown, menu, entry)
    assert opened.modal is not None
    about = next(one for one in usable(opened.modal) if one["custom_id"] == "description")
    sent = await office.bo.submits(opened.modal, status="closed", description="Now it is dark")
    told = await office.settled(office.bo, sent, shown)

    assert about["value"] == "The lamp flickers"
    assert "is closed" in words(told)


async def test_a_ticket_is_made_of_a_message(office: Office) -> None:
    talk = await office.held("Greta")
    line = await office.discord.message_in(talk.thread, lambda one: "lamp" in words(one))

    opened = await office.bo.uses_menu("Ticket from this message", line)
    assert opened.modal is not None
    sent = await office.bo.submits(opened.modal, description="The lamp of Greta")
    told = await office.settled(office.bo, sent)

    assert "is open" in words(told)
    await office.happened(talk, "ticket_opened")


async def test_a_message_elsewhere_belongs_to_no_conversation(office: Office) -> None:
    line = await office.bo.says(office.lobby, "Hello everybody")

    outcome = await office.bo.uses_menu("Ticket from this message", line)

    assert "belongs to no conversation" in words(await office.settled(office.bo, outcome))


# --- templates --------------------------------------------------------------------------------


async def test_a_template_with_many_variables_is_filled_in_page_by_page(office: Office) -> None:
    talk = await office.held("Hedda")
    names = [f"word_{n}" for n in range(1, 8)]
    body = " ".join(f"{{{{{name}}}}}" for name in names)
    await office.house.operator.asks(
        "POST", "/v1/templates", name="seven", language="en", body=body
    )

    first = await office.bo.uses(talk.thread, "template", template="seven")
    assert first.modal is not None
    some = {name: f"<{name}>" for name in names[:5]}
    sent = await office.bo.submits(
        first.modal, **{f"value.{name}": value for name, value in some.items()}
    )
    between = await office.settled(office.bo, sent)
    assert "5 of 7" in words(between)
    second = await office.bo.presses(between, pressable(between)[0][0])
    assert second.modal is not None
    rest = {f"value.{name}": f"<{name}>" for name in names[5:]}
    sent = await office.bo.submits(second.modal, **rest)
    question = await office.settled(office.bo, sent, between)
    await office.pressed(office.bo, question, button(question, "template"))

    await office.happened(talk, "template_sent")
    await talk.customer.hears("<word_1> <word_2> <word_3> <word_4> <word_5> <word_6> <word_7>")


async def test_a_picture_is_chosen_in_the_form_and_goes_out_with_the_template(
    office: Office,
) -> None:
    office.house.app.parts.engine.desk.template_table.admit(MAP)
    talk = await office.held("Heike")
    form = await office.bo.uses(talk.thread, "template", template="map")
    assert form.modal is not None

    picture = office.bo.picks("map.png", PNG)
    given: dict[str, Json] = {"value.header_image": [picture], "value.name": "Heike"}
    sent = await office.bo.submits(form.modal, **given)
    question = await office.settled(office.bo, sent)
    assert "map.png Heike, this is how to find us" in words(question)
    await office.pressed(office.bo, question, button(question, "template"))

    await office.happened(talk, "template_sent")
    await talk.customer.hears("map.png Heike, this is how to find us")


async def test_a_picture_that_discord_does_not_hand_over_leads_back_into_the_form(
    office: Office,
) -> None:
    office.house.app.parts.engine.desk.template_table.admit(MAP)
    talk = await office.held("Hilke")
    form = await office.bo.uses(talk.thread, "template", template="map")
    assert form.modal is not None
    office.discord.fault(Fault(route="GET /attachments", kind="status", status=404, times=None))

    picture = office.bo.picks("map.png", PNG)
    given: dict[str, Json] = {"value.header_image": [picture], "value.name": "Hilke"}
    told = await office.settled(office.bo, await office.bo.submits(form.modal, **given))
    office.discord.faults.clear()
    again = await office.bo.presses(told, pressable(told)[0][0])

    assert "map.png" in words(told)
    assert again.modal is not None
    assert "template_sent" not in await office.events(talk)


async def test_a_template_that_is_not_there_is_answered_with_the_nearest(office: Office) -> None:
    talk = await office.held("Helga")

    shown = await office.used(office.bo, talk.thread, "template", template="welcome-bak")

    assert "welcome-back" in words(shown)


# --- refusals and ways on ---------------------------------------------------------------------


async def test_a_refused_form_is_opened_again_with_everything_that_was_typed(
    office: Office,
) -> None:
    talk = await office.held("Ida")
    await office.until(lambda: "transfer" in str(office.card(talk).components))
    card = office.card(talk)
    opened = await office.bo.presses(card, button(card, "transfer"))
    assert opened.modal is not None

    sent = await office.bo.submits(opened.modal, target="support", note=LONG)
    refused = await office.settled(office.bo, sent)
    again = next((id_ for id_, one in pressable(refused) if one.kind == "dbf"), None)
    assert again is not None, words(refused)
    reopened = await office.bo.presses(refused, again)

    assert reopened.modal is not None
    note = next(one for one in usable(reopened.modal) if one["custom_id"] == "note")
    assert note["value"] == LONG.strip()


async def test_a_target_who_is_away_is_answered_with_buttons_that_keep_the_note(
    office: Office,
) -> None:
    talk = await office.held("Inga")
    away = await office.used(office.ana, office.lobby, "available", state="off")
    assert "unavailable" in words(away)

    told = await office.used(office.bo, talk.thread, "transfer", target="@ana", note=LONG)
    ways = [id_ for id_, one in pressable(told) if one.command == "transfer"]
    kept = await office.workspace.site.kept.read(ways[0])
    await office.used(office.ana, office.lobby, "available", state="on")

    assert "unavailable now" in words(told)
    assert kept is not None
    assert kept.arguments["note"] == LONG.strip()


async def test_a_button_whose_words_are_forgotten_says_so(office: Office) -> None:
    talk = await office.held("Jenny")
    long_gone = "db:transfer:1:~0123456789abcdef0123"
    part: Json = {"type": 2, "style": 2, "label": "Old", "custom_id": long_gone}
    row: Json = {"type": 1, "components": [part]}
    old = office.discord.world.put_message(replace(office.card(talk), components=(row,)))

    told = await office.settled(office.bo, await office.bo.presses(old, long_gone))

    assert "too old" in words(told)


async def test_who_is_no_agent_is_told_whom_to_ask(office: Office) -> None:
    talk = await office.waiting("Kajsa")

    shown = await office.used(office.zoe, talk.thread, "take")

    assert "not an agent here yet" in words(shown)
    assert "assigned" not in await office.events(talk)


async def test_who_speaks_portuguese_is_answered_in_portuguese(office: Office) -> None:
    lia = office.discord.person("lia", office.guild, locale="pt-BR")

    line = await lia.says(office.lobby, "Oi")

    shown = await office.settled(lia, await lia.uses_menu("Ticket from this message", line))

    assert "não pertence a nenhuma conversa" in words(shown)


async def test_a_room_is_bound_where_the_command_is_used(office: Office) -> None:
    told = await office.used(office.ana, office.lobby, "queues", queue="sales", action="bind")
    unbound = await office.used(office.ana, office.lobby, "queues", action="unbind")

    assert "Sales" in words(told)
    assert "not used any more" in words(unbound)


# --- typed ------------------------------------------------------------------------------------


async def test_a_mention_outside_of_threads_is_answered_privately(office: Office) -> None:
    before, bot = len(office.direct(office.bo)), office.discord.app(office.app).bot_id

    await office.bo.says(office.lobby, f"<@{bot}> queues")

    assert "Support" in words(await office.told(office.bo, before))
    assert "Support" not in " ".join(map(words, office.discord.messages(office.lobby)))


async def test_a_mention_alone_brings_the_conversation_s_buttons(office: Office) -> None:
    talk = await office.held("Lena")
    before, bot = len(office.direct(office.bo)), office.discord.app(office.app).bot_id

    await office.bo.says(talk.thread, f"<@{bot}>")
    menu = await office.told(office.bo, before)
    opened = await office.bo.presses(menu, button(menu, "transfer"))

    assert opened.modal is not None
    assert f"#{talk.number}" in opened.modal.title
    assert talk.customer.lines("agent") == ["I am looking into it"]


async def test_what_was_typed_without_what_it_needs_has_its_form_a_button_away(
    office: Office,
) -> None:
    talk = await office.held("Lotta")
    before = len(office.direct(office.bo))

    await office.bo.says(talk.thread, "!transfer")
    told = await office.told(office.bo, before)
    opened = await office.bo.presses(told, button(told, "transfer"))

    assert "To whom?" in words(told)
    assert opened.modal is not None


async def test_an_unknown_word_with_an_exclamation_mark_stays_inside(office: Office) -> None:
    talk = await office.held("Maja")
    before = len(office.direct(office.bo))

    await office.bo.says(talk.thread, "!transfr sales")

    assert "transfer" in words(await office.told(office.bo, before))
    assert talk.customer.lines("agent") == ["I am looking into it"]


# --- the card ---------------------------------------------------------------------------------


async def test_the_priority_is_chosen_on_the_card_and_read_there(office: Office) -> None:
    talk = await office.held("Olga")
    menu = button(office.card(talk), "priority")

    told = await office.settled(
        office.bo, await office.bo.chooses(office.card(talk), menu, "urgent")
    )

    def chosen() -> list[str]:
        return [str(one["value"]) for one in options(office.card(talk), menu) if one["default"]]

    assert "is now urgent" in words(told)
    await office.until(lambda: chosen() == ["urgent"])


# --- declared ---------------------------------------------------------------------------------


async def test_commands_are_declared_once_and_again_when_the_bot_comes_back(
    fresh: Office,
) -> None:
    def declared() -> int:
        entries = fresh.discord.ledger.entries
        return sum(1 for each in entries if str(each["what"]).startswith("PUT /applications"))

    once = declared()
    syncing = Syncing(fresh.workspace.site)
    await syncing.sync()
    again = declared()
    fresh.discord.world.commands.clear()
    await syncing.sync()

    assert (once, again, declared()) == (1, 1, 2)


@needs_description
async def test_everything_that_was_shown_is_what_discord_describes(office: Office) -> None:
    await office.held("Nora")
    await office.used(office.bo, office.lobby, "queues")
    begins = ("POST /interactions", "PUT /applications", "PATCH /webhooks")
    calls = [
        (str(each["what"]), each.get("body"))
        for each in office.discord.ledger.entries
        if str(each["what"]).startswith(begins)
    ]

    wrong = [(call, found) for call, body in calls if (found := slips(call, body))]

    assert {call.split("{")[0] for call, _ in calls} == {
        "POST /interactions/",
        "PUT /applications/",
        "PATCH /webhooks/",
    }
    assert wrong == []
