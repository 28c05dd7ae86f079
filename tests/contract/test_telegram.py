"""Telegram keeps what every channel promises, whichever way its updates come."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bridge.ports.channel import ChannelEvent
from bridge.simulators.telegram import Fault, Update
from bridge.simulators.telegram.sight import choices_of, file_of
from tests.adapters.telegram.rig import Rig, serve
from tests.contract.channel_contract import ChannelContract, ChannelRig, Line
from tests.patience import until


class TelegramRig(ChannelRig):
    """A customer's telephone in front of a simulated Telegram."""

    def __init__(self, inner: Rig) -> None:
        """She has opened the bot before."""
        self.adapter = inner.channel
        self.customer = inner.customer
        self._inner = inner

    def taken(self) -> Sequence[ChannelEvent]:
        return self._inner.core.events

    def refuse(self, fault: Exception) -> None:
        self._inner.core.fault = fault

    async def write(self, text: str) -> bool:
        await self._inner.bia.writes(text)
        return await self._told(self._inner.mail.waiting[-1])

    async def repeat(self) -> bool:
        again = self._inner.mail.put(self._last.kind, self._last.said, self._last.chat)
        assert again is not None
        return await self._told(again)

    async def _told(self, update: Update) -> bool:
        """Whether Telegram may forget it, which is how an update is acknowledged."""
        self._last = update
        core, mail = self._inner.core, self._inner.mail
        if core.fault is not None:
            await until(lambda: core.refused)
        else:
            await until(lambda: not mail.holds(update))
        return not mail.holds(update)

    async def read(self) -> list[Line]:
        return [
            Line(words=one.text, files=len(file_of(one)), choices=tuple(choices_of(one)))
            for one in self._inner.bia.received()
        ]

    async def break_down(self) -> None:
        self._inner.telegram.fault(
            Fault(method="*", kind="error", status=429, retry_after=1, times=None)
        )


class TestTelegramPolling(ChannelContract):
    @pytest.fixture
    async def rig(self, tmp_path: Path) -> AsyncIterator[ChannelRig]:
        """Updates are fetched."""
        async with serve(tmp_path) as inner:
            yield TelegramRig(inner)


class TestTelegramWebhook(ChannelContract):
    @pytest.fixture
    async def rig(self, tmp_path: Path) -> AsyncIterator[ChannelRig]:
        """Updates are brought."""
        async with serve(tmp_path, webhook=True) as inner:
            yield TelegramRig(inner)
