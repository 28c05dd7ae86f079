"""What pages offer, and how they name it: to whom, in which language, with which limits."""

from html import unescape
from uuid import uuid4

import pytest
from msgspec.structs import replace

from bridge.domain.content import text_content
from bridge.domain.delivery import Mark
from bridge.domain.ids import ThreadRef
from bridge.domain.message import Author
from bridge.ports.calls import CallKind, OutboundCall
from tests.adapters.local.rig import Rig
from tests.adapters.local.test_compose import held, upload


async def test_the_heading_says_how_customers_come(rig: Rig) -> None:
    bia = await rig.signed_in("bia")
    headings = []
    for available, given, taken in (
        (True, True, False),
        (True, False, True),
        (True, True, True),
        (False, False, True),
    ):
        rig.desk.given, rig.desk.taken = given, taken
        await bia.does(
            "/desk/invoke", command="available", **{"arg.state": "on" if available else "off"}
        )
        headings.append((await bia.get("/desk/home", HX_Request="true")).text)

    assert "customers are given to you" in headings[0]
    assert "take whoever waits" in headings[1]
    assert "or wait to be taken" in headings[2]
    assert "You are unavailable" in headings[3]
    assert all('id="home-lead" hx-swap-oob="true"' in each for each in headings)


async def test_commands_are_completed_for_those_who_may_use_them(rig: Rig) -> None:
    bia, _, thread = await held(rig)
    page = unescape((await bia.get(f"/desk/threads/{thread}")).text)

    assert '"name": "transfer"' in page
    assert '"name": "watch"' not in page


async def test_a_thread_that_goes_on_elsewhere_leads_there(rig: Rig) -> None:
    bia, _, thread = await held(rig)
    head = await rig.workspace.site.threads.head(ThreadRef(thread))

    await rig.workspace.close_thread(ThreadRef(thread), replace(head.card, moved_to="t77"), False)

    page = (await bia.get(f"/desk/threads/{thread}")).text
    assert '<a href="/desk/threads/t77">It goes on in another thread</a>' in page


async def test_a_telephone_number_is_asked_for_only_where_one_can_be_written_to(
    rig: Rig,
) -> None:
    bia = await rig.signed_in("bia")

    with_phones = (await bia.get("/desk/forms/template")).text
    rig.desk.phones = False
    without = (await bia.get("/desk/forms/template")).text

    assert "Number with country and area code" in with_phones
    assert 'placeholder="+55' in with_phones
    assert "What the channel knows the customer by" in without
    assert 'placeholder="+55' not in without


async def test_who_is_not_in_control_has_no_composer_and_is_told_who_is(rig: Rig) -> None:
    _, _, thread = await held(rig)
    ana = await rig.signed_in("ana")

    page = (await ana.get(f"/desk/threads/{thread}")).text

    assert 'data-mode="held"' in page
    assert "Bia Lima is in control here" in page
    assert 'id="composer"' not in page
    assert 'data-command="return-to-bot"' not in page


async def test_buttons_that_may_be_icons_have_a_name_and_a_tip(rig: Rig) -> None:
    bia, _, thread = await held(rig)

    page = (await bia.get(f"/desk/threads/{thread}")).text

    assert 'title="Transfer" aria-label="Transfer"' in page


async def test_a_note_that_the_desk_posts_looks_like_a_note(rig: Rig) -> None:
    bia, _, thread = await held(rig)
    call = OutboundCall(
        key="n1",
        kind=CallKind.POST,
        content=text_content("an old customer"),
        author=Author.AGENT,
        name="Caio",
        note=True,
    )

    await rig.workspace.post(ThreadRef(thread), call)

    (line,) = [
        each
        for each in (await rig.workspace.site.threads.timeline(ThreadRef(thread))).lines()
        if each.content == call.content
    ]
    page = (await bia.get(f"/desk/threads/{thread}")).text
    assert line.marks == (Mark.NOTE,)
    assert f'id="l{line.seq}" class="line note' in page


async def test_the_bot_is_marked_as_the_bot(rig: Rig) -> None:
    await rig.desk.waiting("Maria", "sales", "Hello?", "bot: one moment")
    ana = await rig.signed_in("ana")

    page = (await ana.get("/desk/conversations/1040")).text

    assert '<b class="name">Deskbridge bot</b> <span class="pill bot">bot</span>' in page


@pytest.mark.parametrize(
    ("customer", "value"),
    [("Maria", "Maria"), ("Visitor a1b2", ""), ("Visitante a1b2", ""), ("+5511912345678", "")],
)
async def test_a_template_is_filled_with_the_name_that_the_customer_gave(
    rig: Rig, customer: str, value: str
) -> None:
    talk = await rig.desk.waiting(customer, "sales", "Hello?")
    bia = await rig.signed_in("bia")

    form = (await bia.get(f"/desk/forms/template?thread={talk.thread}")).text

    assert f'data-variable="name" value="{value}"' in form


async def test_a_file_that_is_too_large_is_told_the_limit(rig: Rig) -> None:
    bia, _, thread = await held(rig)
    form = upload(uuid4().hex, "", ("big.bin", b"0" * (rig.workspace.site.max_file + 1)))

    answer = await bia.send(f"/desk/threads/{thread}/messages", form, accept="application/json")

    assert "1 MB" in answer.json()["error"]


async def test_words_of_ours_on_a_ticket_are_in_the_readers_language(rig: Rig) -> None:
    bia, talk, thread = await held(rig)
    await bia.does("/desk/invoke", command="ticket", number=str(talk.number))
    await bia.send("/desk/account", {"language": "pt_BR"})

    page = (await bia.get(f"/desk/threads/{thread}")).text
    form = (await bia.get(f"/desk/forms/ticket?thread={thread}")).text

    assert '<b>T1</b> <span class="ticket-status">aberto</span> dúvida' in page
    assert '<span class="ticket-status">aberto</span>' in form


async def test_the_monitor_room_leads_to_the_thread_that_is_taken_over(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    ana = await rig.signed_in("ana")

    page = (await ana.get(f"/desk/threads/{talk.monitor}")).text

    assert f'data-arguments="{{}}" data-take data-number="{talk.number}"' in page


@pytest.mark.parametrize("command", ["template", "transfer", "priority", "ticket", "note"])
async def test_a_bare_command_opens_its_form(rig: Rig, command: str) -> None:
    bia, _, thread = await held(rig)

    answer = await bia.writes(thread, f"/{command}")

    assert answer == {"kind": "form", "url": f"/desk/forms/{command}?thread={thread}"}
    assert (await bia.get(answer["url"])).status == 200
