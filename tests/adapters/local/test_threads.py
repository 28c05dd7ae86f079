"""Threads of the local workspace beyond what every workspace promises."""

import pytest
from msgspec.structs import replace

from bridge.domain.binding import Purpose
from bridge.domain.card import ConversationCard
from bridge.domain.content import text_content
from bridge.domain.conversation import State
from bridge.domain.errors import DeliveryRejected, StorageUnavailable
from bridge.domain.ids import BindingId, ExternalId, Language, RoomRef, WorkspaceUserId
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.plugin import Diagnoses
from bridge.ports.workspace import BindingKey, Invites, WorkspaceAdapter
from tests.adapters.local.rig import Rig

CARD = ConversationCard(
    number=7,
    state=State.WAITING,
    customer="Maria",
    channel="Web chat",
    language=Language("en"),
)
ROOM = RoomRef("sales")


def key(number: int = 1, purpose: Purpose = Purpose.WORK) -> BindingKey:
    return BindingKey(id=BindingId(number), number=7, purpose=purpose)


def call(
    name: str, text: str = "", kind: CallKind = CallKind.POST, about: str = ""
) -> OutboundCall:
    return OutboundCall(
        key=name,
        kind=kind,
        content=text_content(text) if text else None,
        author=Author.CUSTOMER,
        name="Maria",
        external_id=ExternalId(about) if about else None,
        emoji="👍",
    )


def test_it_is_a_workspace_with_every_ability_it_declares(rig: Rig) -> None:
    workspace: WorkspaceAdapter = rig.workspace

    assert isinstance(workspace, Diagnoses)
    assert isinstance(workspace, Invites)


async def test_a_call_about_a_line_that_is_no_line_is_refused_for_good(rig: Rig) -> None:
    thread = await rig.workspace.open_thread(key(), ROOM, CARD, ())

    with pytest.raises(DeliveryRejected):
        await rig.workspace.post(thread, call("a", "x", CallKind.EDIT, "not a number"))


async def test_a_waiting_card_becomes_a_thread_people_may_write_in(rig: Rig) -> None:
    thread = await rig.workspace.open_thread(key(purpose=Purpose.WAITING), ROOM, CARD, ())
    before = (await rig.workspace.site.threads.head(thread)).writable

    await rig.workspace.convert_thread(thread)
    await rig.workspace.convert_thread(thread)

    assert not before
    assert (await rig.workspace.site.threads.head(thread)).writable


async def test_a_closed_thread_shows_its_last_card_and_stays_closed(rig: Rig) -> None:
    thread = await rig.workspace.open_thread(key(), ROOM, CARD, ())
    ended = replace(CARD, state=State.ENDED)

    await rig.workspace.close_thread(thread, ended, False)
    await rig.workspace.close_thread(thread, ended, False)
    await rig.workspace.open_thread(key(), ROOM, CARD, ())

    head = await rig.workspace.site.threads.head(thread)
    assert (head.card.state, head.writable, head.hidden) == (State.ENDED, False, False)
    assert await rig.workspace.site.threads.open_in(ROOM) == []


async def test_a_whisper_is_told_once_and_goes_when_it_is_put_away(rig: Rig) -> None:
    to = WorkspaceUserId("demo-bia")
    for _ in range(2):
        await rig.workspace.whisper(to, None, plain("psst"), (), "w1")
    told, _ = await rig.workspace.site.whispers.open(to)

    await rig.workspace.site.whispers.dismiss(to, told[0].seq)

    assert len(told) == 1
    assert (await rig.workspace.site.whispers.open(to))[0] == ()


async def test_without_a_disk_nothing_is_pretended(rig: Rig) -> None:
    thread = await rig.workspace.open_thread(key(), ROOM, CARD, ())
    rig.store.fail = True

    with pytest.raises(StorageUnavailable):
        await rig.workspace.post(thread, call("a", "hello"))

    rig.store.fail = False
    assert list((await rig.workspace.site.threads.timeline(thread)).lines()) == []


async def test_a_second_adapter_on_the_same_store_sees_the_same_lines(rig: Rig) -> None:
    thread = await rig.workspace.open_thread(key(), ROOM, CARD, ())
    await rig.workspace.post(thread, call("a", "hello"))
    site = rig.workspace.site
    another = type(site.threads)(rig.store, rig.clock)
    await another.timeline(thread)

    await rig.workspace.post(thread, call("b", "again"))

    lines = (await another.timeline(thread)).lines()
    assert [line.content.words() for line in lines] == ["hello", "again"]
