"""A connector keeps what every channel promises, whatever its platform can do."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bridge.domain.ids import Address
from bridge.ports.channel import ChannelEvent
from tests.adapters.connector.rig import EVERYTHING, Rig, serve
from tests.contract.channel_contract import ChannelContract, ChannelRig, Line, RepeatsSafely


class ConnectorRig(ChannelRig):
    """A customer of a simulated platform."""

    def __init__(self, inner: Rig) -> None:
        self.adapter = inner.channel
        self.customer = Address("+5511912345678")
        self._inner = inner
        self._last: object = None

    def taken(self) -> Sequence[ChannelEvent]:
        return self._inner.core.events

    def refuse(self, fault: Exception) -> None:
        self._inner.core.fault = fault

    async def write(self, text: str) -> bool:
        self._last = self._inner.platform.line(self.customer, text)
        return await self.repeat()

    async def repeat(self) -> bool:
        status, _ = await self._inner.platform.tell(self._last)
        return status == 200

    async def read(self) -> list[Line]:
        return [
            Line(
                words=line.data["text"],
                files=len(line.data.get("media", [])),
                choices=tuple(each["label"] for each in line.data.get("buttons", [])),
            )
            for line in self._inner.platform.lines(self.customer)
        ]

    async def break_down(self) -> None:
        self._inner.platform.down = True


class TestConnector(ChannelContract, RepeatsSafely):
    @pytest.fixture(params=[{}, EVERYTHING], ids=["words alone", "everything"])
    async def rig(
        self, request: pytest.FixtureRequest, tmp_path: Path
    ) -> AsyncIterator[ChannelRig]:
        """A platform that can do nothing but words, and one that can do everything."""
        async with serve(tmp_path, **request.param) as inner:
            yield ConnectorRig(inner)
