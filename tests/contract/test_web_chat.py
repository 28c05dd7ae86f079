"""The web chat keeps what every channel promises."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from bridge.domain.text import FormattedText, to_plain
from bridge.ports.channel import ChannelEvent
from tests.adapters.webchat.rig import Event, Rig, serve
from tests.contract.channel_contract import (
    ChannelContract,
    ChannelRig,
    Line,
    RepeatsSafely,
)


class WebChatRig(ChannelRig):
    """A visitor's browser in front of a served web chat."""

    def __init__(self, inner: Rig) -> None:
        """Let one visitor in."""
        self.adapter = inner.chat
        self._inner = inner
        self._visitor = inner.customer("ana")
        self.customer = self._visitor.address
        self._last: dict[str, str] = {}

    def taken(self) -> Sequence[ChannelEvent]:
        return self._inner.core.events

    def refuse(self, fault: Exception) -> None:
        self._inner.core.fault = fault

    async def write(self, text: str) -> bool:
        self._last = {"id": str(uuid4()), "text": text}
        return await self.repeat()

    async def repeat(self) -> bool:
        status, _ = await self._visitor.post("/messages", self._last)
        return status == 200

    async def read(self) -> list[Line]:
        shown: dict[str, Line] = {}
        for event in await self._visitor.missed():
            self._follow(shown, event)
        return list(shown.values())

    def _follow(self, shown: dict[str, Line], event: Event) -> None:
        """What the widget does with an event."""
        if event.name in ("message", "edit"):
            text = msgspec.convert(event.data.get("text", []), FormattedText)
            shown[event.data["id"]] = Line(
                words=to_plain(text),
                files=len(event.data.get("files", [])),
                choices=tuple(choice["label"] for choice in event.data.get("choices", [])),
            )
        elif event.name == "delete":
            del shown[event.data["id"]]

    async def break_down(self) -> None:
        self._inner.store.broken = True


class TestWebChat(ChannelContract, RepeatsSafely):
    @pytest.fixture
    async def rig(self, tmp_path: Path) -> AsyncIterator[ChannelRig]:
        """A web chat without limits."""
        async with serve(tmp_path) as inner:
            yield WebChatRig(inner)
