"""Private answers in a simulated Discord, and the shape of everything that is sent."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.domain.binding import Purpose
from bridge.domain.card import CardAction
from bridge.domain.content import Content
from bridge.domain.conversation import State
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import ThreadRef
from bridge.domain.text import plain
from bridge.ports.calls import CallKind
from bridge.simulators.discord import Fault, Message
from tests.adapters.discord.discord_schema import needs_description, slips
from tests.adapters.discord.lines import OFFER, POST, line, stored, together
from tests.adapters.discord.rig import DiscordRig, serve, texts
from tests.contract.workspace_contract import CARD, binding, call


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DiscordRig]:
    async with serve(tmp_path) as rig:
        yield rig


@pytest.fixture
async def thread(rig: DiscordRig) -> ThreadRef:
    return await rig.workspace.open_thread(binding(), rig.forum_ref, CARD, ())


# --- private answers ---------------------------------------------------------------------------


def direct(rig: DiscordRig) -> list[Message]:
    """What Ana reads in her direct messages."""
    world = rig.discord.world
    channels = [one for one in world.channels.values() if rig.ana.id in one.recipients]
    return [one for channel in channels for one in rig.discord.messages(channel)]


async def test_a_whisper_leads_to_its_thread_and_has_its_buttons(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    await rig.workspace.whisper(rig.user(rig.ana), thread, plain("psst"), (OFFER,), "w1")

    [made] = direct(rig)
    found = list(texts(made.components))
    assert found == [
        "psst", f"-# https://discord.com/channels/{rig.guild.id}/{thread}", "Take"
    ]  # fmt: skip


async def test_who_takes_no_direct_messages_is_told_so_quietly_in_the_thread(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    rig.discord.fault(
        Fault(route=POST, kind="error", status=403, code=50007, message="Cannot send messages")
    )

    await rig.workspace.whisper(rig.user(rig.ana), thread, plain("secret"), (), "w1")

    [made] = rig.lines(thread)
    assert "secret" not in made.content
    assert rig.ana.id in made.content
    assert made.pings == frozenset()


async def test_a_whisper_about_no_thread_to_who_takes_none_is_refused(rig: DiscordRig) -> None:
    rig.discord.fault(Fault(route=POST, kind="error", status=403, code=50007, message="no"))

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.whisper(rig.user(rig.ana), None, plain("psst"), (), "w1")

    assert refused.value.code == "user_gone"


async def test_the_hint_is_there_once_and_goes_when_he_can_be_told_again(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    for key in ("w1", "w2"):
        rig.discord.fault(Fault(route=POST, kind="error", status=403, code=50007, message="no"))
        await rig.workspace.whisper(rig.user(rig.ana), thread, plain("secret"), (), key)
    hinted = len(rig.lines(thread))

    await rig.workspace.whisper(rig.user(rig.ana), thread, plain("psst"), (), "w3")

    assert (hinted, rig.lines(thread)) == (1, [])


# --- what is sent ------------------------------------------------------------------------------


@needs_description
async def test_everything_that_is_sent_is_as_discord_describes_it(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    workspace, ana = rig.workspace, rig.user(rig.ana)
    file = await stored(rig, "a.txt", b"a")
    id_ = await workspace.post(thread, line("short", mentions=(ana,)))
    await workspace.post(thread, line("*" * 1_900, quoted=id_))
    await workspace.post(thread, replace(call(), content=Content(files=(file,))))
    first, second = await together(rig, thread, "one", "two")
    for about, words in ((id_, "*" * 1_900), (first, "uno")):
        await workspace.post(thread, call(CallKind.EDIT, words, about=about))
    await workspace.post(thread, call(CallKind.DELETE, about=second))
    await workspace.whisper(ana, thread, plain("psst"), (OFFER,), "w1")
    card = replace(CARD, actions=(CardAction(command="take", primary=True),))
    waiting = await workspace.open_thread(binding(Purpose.WAITING), rig.text_ref, card, ())
    await workspace.convert_thread(waiting)
    private = await workspace.open_thread(binding(), rig.text_ref, card, (ana,))
    for each in (thread, waiting, private):
        await workspace.redraw(each, replace(card, agent="Ana", state=State.ASSIGNED))
        await workspace.close_thread(each, replace(CARD, state=State.ENDED), each == private)

    sent = [(str(each["what"]), each["body"]) for each in rig.discord.ledger.entries
            if each.get("body") is not None]  # fmt: skip

    assert len(sent) > 20
    assert [(what, found) for what, body in sent if (found := slips(what, body))] == []
