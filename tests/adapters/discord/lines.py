"""Lines into a thread of the simulated Discord, and what then stands there; for tests."""

from collections.abc import AsyncIterator, Sequence

from msgspec.structs import replace

from bridge.domain.content import File
from bridge.domain.delivery import OfferedCommand
from bridge.domain.ids import ExternalId, Instant, ThreadRef
from bridge.ports.calls import OutboundCall
from bridge.simulators.discord import Fault
from tests.adapters.discord.rig import DiscordRig, shown
from tests.contract.workspace_contract import call

POST = "POST /channels/{channel_id}/messages"
OFFER = OfferedCommand(command="take", label="")


def said(rig: DiscordRig, thread: ThreadRef) -> list[str]:
    return [shown(each) for each in rig.lines(thread)]


def line(text: str, **more: object) -> OutboundCall:
    return replace(call(text=text), **more)


async def together(rig: DiscordRig, thread: ThreadRef, *words: str) -> Sequence[ExternalId]:
    return await rig.workspace.post_together(thread, [line(each) for each in words])


async def stored(rig: DiscordRig, name: str, content: bytes) -> File:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return await rig.files.save(chunks(), name, 2**30)


def lose_the_answer(rig: DiscordRig, *, accepted: bool = True) -> None:
    rig.discord.fault(Fault(route=POST, kind="drop", accepted=accepted))


def doubted(rig: DiscordRig, once: OutboundCall, since: int = 0) -> OutboundCall:
    return replace(once, doubtful=Instant(rig.workspace.site.clock.now() - since))
