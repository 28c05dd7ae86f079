"""The local workspace keeps what every workspace promises."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest

from bridge.domain.agent import Agent
from bridge.domain.delivery import Mark
from bridge.domain.ids import ExternalId, RoomRef, ThreadRef, WorkspaceUserId
from bridge.domain.text import plain, to_plain
from bridge.ports.channel import Accepted
from bridge.ports.commands import Answer, CommandInvoked
from bridge.ports.workspace import WorkspaceEvent
from tests.adapters.local.rig import Browser, Rig, serve
from tests.contract.workspace_contract import Line, WorkspaceContract, WorkspaceRig
from tests.fakes.local_desk import FakeDesk

HANDLES = {"demo-bia": "bia", "demo-caio": "caio"}


class Core(FakeDesk):
    """Takes everything, unless it refuses everything."""

    fault: Exception | None = None

    async def accept(self, event: WorkspaceEvent) -> Accepted:
        if self.fault is not None:
            raise self.fault
        return await super().accept(event)

    async def _accept(self, event: WorkspaceEvent) -> Accepted:
        return Accepted()

    async def _carry_out(self, command: CommandInvoked, who: Agent) -> Answer:
        return Answer(ok=True, code="ok", text=plain(f"{who.name} ran {command.command}."))


class LocalRig(WorkspaceRig):
    """Agents' browsers in front of a served workspace."""

    room = RoomRef("sales")
    agent = WorkspaceUserId("demo-bia")
    colleague = WorkspaceUserId("demo-caio")
    colleague_word = "@caio"

    def __init__(self, inner: Rig, core: Core) -> None:
        """Nobody is signed in yet."""
        self.adapter = inner.workspace
        self._inner = inner
        self._core = core
        self._last: tuple[str, dict[str, str]] = ("", {})
        self._browsers: dict[WorkspaceUserId, Browser] = {}

    def taken(self) -> Sequence[WorkspaceEvent]:
        return self._core.events

    def invoked(self) -> Sequence[CommandInvoked]:
        return self._core.invoked

    def refuse(self, fault: Exception) -> None:
        self._core.fault = fault

    async def write(self, thread: ThreadRef, text: str) -> bool:
        self._last = f"/desk/threads/{thread}/messages", {"key": uuid4().hex, "text": text}
        return await self.repeat()

    async def repeat(self) -> bool:
        browser = await self._browser(self.agent)
        path, form = self._last
        return (await browser.send(path, form, accept="application/json")).status == 200

    async def read(self, thread: ThreadRef) -> list[Line]:
        browser = await self._browser(self.agent)
        shown = await browser.program(f"/desk/threads/{thread}")
        return [
            Line(
                id=ExternalId(str(each["seq"])),
                words=each["text"],
                reactions=tuple(reaction["emoji"] for reaction in each["reactions"]),
                marks=tuple(Mark(mark) for mark in each["marks"]),
            )
            for each in shown["messages"]
            if not each["deleted"]
        ]

    async def card(self, thread: ThreadRef) -> str:
        page = await (await self._browser(self.agent)).get(f"/desk/threads/{thread}")
        return page.text.partition('id="card"')[2].partition('id="scroller"')[0]

    async def whispers(self, to: WorkspaceUserId) -> list[str]:
        told, _ = await self._inner.workspace.site.whispers.open(to)
        return [to_plain(each.text) for each in told]

    async def sees(self, who: WorkspaceUserId, thread: ThreadRef) -> bool:
        browser = await self._browser(who)
        return (await browser.get(f"/desk/threads/{thread}")).status == 200

    async def _browser(self, user: WorkspaceUserId) -> Browser:
        if user not in self._browsers:
            self._browsers[user] = await self._inner.signed_in(HANDLES[user])
        return self._browsers[user]


class TestLocalWorkspace(WorkspaceContract):
    @pytest.fixture
    async def rig(self, tmp_path: Path) -> AsyncIterator[WorkspaceRig]:
        async with serve(tmp_path, core=Core) as inner:
            assert isinstance(inner.desk, Core)
            yield LocalRig(inner, inner.desk)
