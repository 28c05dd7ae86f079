"""Boards, lists and forms: what is shown to whom, and how it is filtered."""

import io
from html import unescape

import aiohttp
import pytest
from msgspec.structs import replace

from bridge.adapters.workspaces.local.pages.filters import read_filter
from bridge.domain.conversation import Priority, State
from bridge.domain.ids import DAY, Instant
from bridge.domain.template import Takes, Variable, file_in, file_name
from tests.adapters.local.rig import Rig

NOW = Instant(100 * DAY)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


def test_without_a_word_the_board_shows_what_is_open() -> None:
    wanted = read_filter({}, NOW)

    assert State.ENDED not in wanted.filter.states
    assert len(wanted.filter.states) == len(State) - 1


def test_every_filter_of_the_board_is_read() -> None:
    query = {
        "state": "waiting",
        "queue": "sales",
        "agent": "@bia",
        "priority": "high",
        "channel": "webchat",
        "text": "#1042",
        "since": "7d",
        "before": "99",
    }

    found = read_filter(query, NOW).filter

    assert found.states == (State.WAITING,)
    assert (found.queue, found.agent, found.channel, found.text) == (
        "sales",
        "bia",
        "webchat",
        "1042",
    )
    assert (found.priority, found.since, found.before) == (Priority.HIGH, NOW - 7 * DAY, 99)


@pytest.mark.parametrize("name", ["state", "priority", "since", "before"])
@pytest.mark.parametrize("word", ["nonsense", "' OR 1=1", "\x00", "9" * 400])
def test_what_makes_no_sense_is_left_out(name: str, word: str) -> None:
    found = read_filter({name: word}, NOW).filter

    assert found == read_filter({}, NOW).filter


async def test_the_home_lists_what_i_hold_and_who_waits_for_me(rig: Rig) -> None:
    await rig.desk.waiting("Maria", "sales", "Hello?")
    await rig.desk.waiting("Zoe", "support", "Help")
    caio = await rig.signed_in("caio")

    page = (await caio.get("/desk/home")).text

    assert "Zoe" in page
    assert "Maria" not in page


async def test_a_room_shows_what_waits_what_is_answered_and_what_ended(rig: Rig) -> None:
    bia = await rig.signed_in("bia")
    talks = [await rig.desk.waiting(name, "sales", "Hello?") for name in ("Maria", "Zoe", "Ugo")]
    for talk in talks[1:]:
        await bia.does("/desk/invoke", command="take", number=str(talk.number))
    await bia.does("/desk/invoke", command="return-to-bot", number=str(talks[2].number))

    page = (await bia.get("/desk/rooms/sales")).text

    places = [page.index(f'id="{each}"') for each in ("room-waiting", "room-working", "room-ended")]
    names = [page.rindex(f"<b>{name}</b>") for name in ("Maria", "Zoe", "Ugo")]
    assert places[0] < names[0] < places[1] < names[1] < places[2] < names[2]


async def test_an_admin_sees_everything_and_may_take_over(rig: Rig) -> None:
    bia, ana = await rig.signed_in("bia"), await rig.signed_in("ana")
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    await bia.does("/desk/invoke", command="take", number=str(talk.number))

    board = (await ana.get("/desk/conversations")).text
    watched = await ana.does("/desk/invoke", command="watch", number=str(talk.number))
    taken = await ana.does("/desk/invoke", command="take", number=str(talk.number))

    assert ("Take over" in board, "Watch" in board) == (True, True)
    assert (watched["ok"], taken["ok"], talk.agent) == (True, True, "ana")


async def test_an_agents_list_offers_no_take_over(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    await (await rig.signed_in("bia")).does("/desk/invoke", command="take", number=str(talk.number))
    caio = await rig.signed_in("caio")

    page = (await caio.get("/desk/conversations")).text

    assert "Take over" not in page
    assert "Maria" not in page


async def test_the_queue_board_parts_who_is_connected_from_who_is_not(rig: Rig) -> None:
    ana = await rig.signed_in("ana")
    rig.desk.connected.add(next(user for user, handle in rig.desk.users.items() if handle == "bia"))

    page = (await ana.get("/desk/queues?queue=sup")).text

    board = page[page.index('id="queue-board"') :]
    green, grey = board.index("block connected"), board.index("block disconnected")
    assert green < board.index("Bia Lima") < grey < board.index("Caio Reis")
    assert "Sales" not in board


async def test_a_form_offers_what_there_is_to_choose_from(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    bia = await rig.signed_in("bia")

    transfer = (await bia.get(f"/desk/forms/transfer?thread={talk.thread}")).text
    priority = (await bia.get(f"/desk/forms/priority?number={talk.number}")).status
    template = (await bia.get(f"/desk/forms/template?thread={talk.thread}")).text
    unknown = (await bia.get("/desk/forms/nothing")).status

    assert 'value="@caio"' in transfer
    assert 'value="support"' in transfer
    assert 'name="arg.value.order"' in template
    assert "Hello {{name}}, your order {{order}} is on its way." in template
    assert (priority, unknown) == (403, 404)


async def test_a_file_of_a_form_is_kept_and_named_to_the_command(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    bia = await rig.signed_in("bia")
    picture = Variable(name="order", takes=Takes.IMAGE)
    rig.desk.templates = tuple(replace(each, special=(picture,)) for each in rig.desk.templates)
    page = (await bia.get(f"/desk/forms/template?thread={talk.thread}")).text
    form = aiohttp.FormData(quote_fields=False)
    for name, value in (("command", "template"), ("key", "k" * 32), ("arg.template", "x")):
        form.add_field(name, value)
    form.add_field("thread", str(talk.thread))
    form.add_field("arg.value.order", io.BytesIO(PNG), filename="../map.png")
    form.add_field("arg.value.empty", io.BytesIO(b""), filename="")

    answer = await bia.send("/desk/invoke", form, accept="application/json")
    assert answer.status == 200, answer.text

    said = rig.desk.invoked[-1].arguments
    kept = file_in(said["value.order"])
    assert kept is not None
    files = rig.workspace.site.context.files
    assert files.path(kept).read_bytes() == PNG
    assert file_name(said["value.order"]) == "map.png"
    assert "value.empty" not in said
    assert 'type="file"' in page
    assert "Picture (JPEG or PNG)" in page


async def test_the_fields_of_a_form_become_the_commands_arguments(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    bia = await rig.signed_in("bia")
    form = {"arg.target": "@caio", "arg.note": "knows her", "arg.empty": ""}

    await bia.does("/desk/invoke", command="transfer", thread=str(talk.thread), **form)

    invoked = rig.desk.invoked[-1]
    assert invoked.arguments == {"target": "@caio", "note": "knows her"}
    assert (invoked.thread, invoked.confirmed) == (talk.thread, False)


async def test_a_refusal_brings_its_way_out_as_a_button(rig: Rig) -> None:
    rig.desk.agents["caio"] = replace(rig.desk.agents["caio"], available=False)
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    bia = await rig.signed_in("bia")

    answer = await bia.does(
        "/desk/invoke", command="transfer", thread=str(talk.thread), **{"arg.target": "@caio"}
    )

    assert (answer["ok"], answer["brief"]) == (False, False)
    assert 'data-invoke="transfer"' in answer["html"]
    assert "Transfer to the queue" in answer["html"]


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("command=transfer&word=0&prefix=ca", ["@caio"]),
        ("command=transfer&word=0&prefix=@bi", ["@bia"]),
        ("command=priority&word=0&prefix=h", ["high"]),
        ("command=take&word=0&prefix=", []),
        ("command=nothing&word=0&prefix=", []),
        ("command=transfer&word=99&prefix=", []),
    ],
)
async def test_words_of_a_command_are_completed(rig: Rig, query: str, values: list[str]) -> None:
    bia = await rig.signed_in("bia")

    found = await bia.program(f"/desk/complete?{query}")

    assert [each["value"] for each in found] == values  # type: ignore[index]  # a list here


async def test_events_are_told_in_sentences(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    bia = await rig.signed_in("bia")
    await bia.does("/desk/invoke", command="take", number=str(talk.number))

    page = (await bia.get(f"/desk/conversations/{talk.number}/events")).text

    assert "Assigned to Bia Lima" in page


async def test_a_conversation_is_read_whole_with_its_lines(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "one", "bot: two", "three")
    ana = await rig.signed_in("ana")

    page = (await ana.get(f"/desk/conversations/{talk.number}")).text
    lines = page[page.index('id="lines"') :]

    assert lines.index("one") < lines.index("two") < lines.index("three")


@pytest.mark.parametrize("path", ["/desk/conversations/999999", "/desk/conversations/x"])
async def test_a_conversation_that_is_not_there_is_not_found(rig: Rig, path: str) -> None:
    ana = await rig.signed_in("ana")

    assert (await ana.get(path)).status == 404


async def test_presence_is_switched_with_a_reason(rig: Rig) -> None:
    bia = await rig.signed_in("bia")

    form = (await bia.get("/desk/presence")).text
    answer = await bia.does(
        "/desk/invoke", command="available", **{"arg.state": "off", "arg.reason": "Lunch"}
    )

    assert "Lunch" in form
    assert answer["ok"]
    assert (rig.desk.agents["bia"].available, rig.desk.agents["bia"].reason) == (False, "Lunch")


async def test_a_template_that_lacks_values_goes_on_in_its_form(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    bia = await rig.signed_in("bia")
    await bia.does("/desk/invoke", command="take", number=str(talk.number))

    answer = await bia.does(
        "/desk/invoke",
        command="template",
        thread=str(talk.thread),
        **{"arg.template": "order_update", "arg.value.name": "Maria & Co"},
    )
    path = unescape(answer["html"].split('data-form="')[1].split('"')[0])
    form = (await bia.get(path)).text

    assert '<option value="order_update" selected>' in form
    assert 'value="Maria &amp; Co"' in form
