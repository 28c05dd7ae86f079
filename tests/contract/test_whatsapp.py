"""WhatsApp keeps what every channel promises."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bridge.ports.channel import ChannelEvent, TemplatesSynced
from bridge.simulators.graph.faults import Fault
from bridge.simulators.graph.person import choices_of, words_of
from tests.adapters.whatsapp.rig import Rig, as_read, serve
from tests.contract.channel_contract import ChannelContract, ChannelRig, Line


class WhatsAppRig(ChannelRig):
    """A customer's telephone in front of a simulated Graph."""

    def __init__(self, inner: Rig) -> None:
        """She has written before: her window is open."""
        self.adapter = inner.channel
        self.customer = inner.customer
        self._inner = inner

    def taken(self) -> Sequence[ChannelEvent]:
        # Templates are the account's, not a customer's.
        return [one for one in self._inner.core.events if not isinstance(one, TemplatesSynced)]

    def refuse(self, fault: Exception) -> None:
        self._inner.core.fault = fault

    async def write(self, text: str) -> bool:
        await self._inner.bia.writes(text)
        return await self._arrived()

    async def repeat(self) -> bool:
        office = self._inner.graph.office
        office.post(office.taken[-1])
        return await self._arrived()

    async def _arrived(self) -> bool:
        office = self._inner.graph.office
        before = len(office.failed)
        await self._inner.graph.settled()
        return len(office.failed) == before == 0

    async def read(self) -> list[Line]:
        return [
            Line(
                words=as_read(words_of(one)),
                files=int(one.type in ("image", "video", "audio", "document", "sticker")),
                choices=tuple(label for _, label, _ in choices_of(one)),
            )
            for one in self._inner.bia.received()
        ]

    async def break_down(self) -> None:
        self._inner.graph.fault(Fault(route="*", kind="error", code=131016, times=None))


class TestWhatsApp(ChannelContract):
    @pytest.fixture
    async def rig(self, tmp_path: Path) -> AsyncIterator[ChannelRig]:
        """A customer with an open window."""
        async with serve(tmp_path) as inner:
            await inner.open_window()
            yield WhatsAppRig(inner)
