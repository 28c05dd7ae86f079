"""Telegram through a whole desk, fetched and brought: nothing lost, doubled or out of order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bridge.app import App, build
from bridge.commands.authorize import EntryPoint
from bridge.domain.agent import Role
from bridge.domain.content import text_content
from bridge.domain.conversation import Conversation
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import (
    AgentId,
    ExternalId,
    SourceKey,
    ThreadRef,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.message import Author, Message, Receipt
from bridge.domain.moves import CreateAgent, CreateQueue, SetMember
from bridge.engine.lines.typing import TypingHints
from bridge.engine.sinks import EngineWorkspaceSink
from bridge.ports.clock import MovableClock, SystemClock
from bridge.ports.commands import CommandInvoked, UserKind, WorkspaceUser
from bridge.ports.workspace import AgentEdited, AgentPosted
from bridge.settings import load
from bridge.simulators.telegram import Bot, Fault, Person, TelegramSimulator, choices_of
from tests.patience import seen, until

SETTINGS = """
[desk]
brand = "Acme"
language = "pt_BR"
[channels.tg]
kind = "telegram"
bot = "menu"
token = "{bot.token}"
api_url = "{telegram.world.address}"
chat_seconds = 0
messages_per_second = 1000
{receive}
[workspaces.local]
kind = "local"
[bots.menu]
kind = "menu"
"""
WEBHOOK = 'receive = "webhook"\nwebhook_secret = "a-secret-of-the-webhook"'
LOCAL = WorkspaceId("local")
ANA = WorkspaceUser(id=WorkspaceUserId("u-ana"), name="Ana", kind=UserKind.MEMBER)
SETTER = Actor(kind=ActorKind.OPERATOR, name="set-up")


@dataclass
class Desk:
    """A desk, a Telegram, and Ana, who answers Bia."""

    app: App
    telegram: TelegramSimulator
    bot: Bot
    bia: Person
    clock: MovableClock
    settings: Path
    done: int = 0

    def sink(self) -> EngineWorkspaceSink:
        """Where the local workspace hands things over."""
        parts = self.app.parts
        return EngineWorkspaceSink(
            parts.engine, parts.reader, TypingHints(parts.engine.desk), LOCAL
        )

    def conversation(self) -> Conversation:
        """The only one that is open."""
        (found,) = self.app.parts.engine.desk.conversations
        return found

    def thread(self) -> ThreadRef | None:
        """Where Ana answers."""
        binding = self.app.parts.engine.desk.work_binding(self.conversation().id)
        return None if binding is None else binding.thread

    async def is_taken(self) -> None:
        """Bia wrote, and Ana takes her."""
        await until(lambda: bool(self.app.parts.engine.desk.conversations))
        self.done += 1
        answer = await self.sink().invoke(
            CommandInvoked(
                workspace=LOCAL,
                source=(SourceKey(f"c{self.done}"),),
                user=ANA,
                command="take",
                text=f"#{self.conversation().number}",
                arguments={},
            )
        )
        assert answer.ok, answer
        await until(self.thread)

    async def says(self, words: str) -> ExternalId:
        """Ana writes in the thread."""
        self.done += 1
        thread, line = self.thread(), ExternalId(f"p{self.done}")
        assert thread is not None
        await self.sink().accept(
            AgentPosted(
                workspace=LOCAL,
                source=(SourceKey(f"p{self.done}"),),
                user=ANA,
                thread=thread,
                external_id=line,
                content=text_content(words),
            )
        )
        return line

    async def edits(self, line: ExternalId, words: str) -> None:
        """Ana changes a line of hers."""
        self.done += 1
        thread = self.thread()
        assert thread is not None
        await self.sink().accept(
            AgentEdited(
                workspace=LOCAL,
                source=(SourceKey(f"e{self.done}"),),
                user=ANA,
                thread=thread,
                external_id=line,
                content=text_content(words),
            )
        )

    async def lines(self, author: Author = Author.CUSTOMER) -> list[Message]:
        """What one side said in the open conversation."""
        reads = self.app.parts.database.reads
        lines = await reads.lines(self.conversation().id, None, 200)
        return [line for line in lines if line.author is author]

    async def words(self) -> list[str]:
        """What Bia said."""
        return [line.content.words() for line in await self.lines()]

    async def receipt_of(self, words: str) -> tuple[Receipt, str]:
        """What became of a line of Ana's, and why."""
        lines = await self.lines(Author.AGENT)
        line = next(line for line in lines if line.content.words() == words)
        return line.receipt, line.receipt_reason

    async def reads(self, holds: Callable[[list[str]], bool]) -> None:
        """Wait until Bia reads this of us."""
        await self.telegram.until(lambda: holds(self.bia.texts()))

    async def restarted(self) -> None:
        """The process ends and another one begins."""
        await self.app.stop()
        self.app = await build(load(self.settings, {}), port=0, clock=self.clock)
        await self.app.start()


@pytest.fixture(params=["", WEBHOOK], ids=["polling", "webhook"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    async with _desk(tmp_path, request.param) as made:
        yield made


@asynccontextmanager
async def _desk(folder: Path, receive: str = "") -> AsyncIterator[Desk]:
    clock = MovableClock(SystemClock())
    async with TelegramSimulator.running(now=lambda: clock.now() / 1_000) as telegram:
        bot = telegram.bot()
        file = folder / "deskbridge.toml"
        file.touch(mode=0o600)
        file.write_text(
            SETTINGS.format(bot=bot, telegram=telegram, receive=receive), encoding="utf-8"
        )
        app = await build(load(file, {}), port=0, clock=clock)
        await app.start()
        bia = telegram.person(bot, "Bia", language="pt-br")
        made = Desk(app=app, telegram=telegram, bot=bot, bia=bia, clock=clock, settings=file)
        try:
            await _hire(app)
            yield made
        finally:
            await made.app.stop()
        assert telegram.violations == []


async def _hire(app: App) -> None:
    engine = app.parts.engine
    await engine.carry_out(CreateQueue(name="vendas", title="Vendas"), SETTER, EntryPoint.CLI)
    await engine.carry_out(
        CreateAgent(handle="ana", name="Ana", role=Role.ADMIN, workspace=LOCAL, user=ANA.id),
        SETTER,
        EntryPoint.CLI,
    )
    queue, ana = engine.desk.queue_by_name("vendas"), engine.desk.agent_by_handle("ana")
    assert queue is not None
    assert ana is not None
    await engine.carry_out(SetMember(queue=queue.id, agent=AgentId(ana.id)), SETTER, EntryPoint.CLI)


async def test_from_the_first_press_of_a_button_to_an_answer_that_is_corrected(desk: Desk) -> None:
    await desk.bia.starts()
    await desk.telegram.until(lambda: any(map(choices_of, desk.bia.received())))
    menu = next(line for line in desk.bia.received() if choices_of(line))
    await desk.bia.presses(menu, next(iter(choices_of(menu))))
    await desk.is_taken()

    line = await desk.says("Bom dia")
    await desk.reads(lambda texts: "Bom dia" in texts)
    await desk.edits(line, "Boa tarde")
    await desk.reads(lambda texts: "Boa tarde" in texts and "Bom dia" not in texts)
    await desk.bia.writes("Obrigada!")

    await seen(desk.words, ["/start", next(iter(choices_of(menu))), "Obrigada!"])
    assert (await desk.receipt_of("Boa tarde"))[0] is Receipt.ACCEPTED


async def test_a_restart_in_the_middle_loses_nothing_and_doubles_nothing(desk: Desk) -> None:
    await desk.bia.writes("0")
    await desk.is_taken()

    async def goes_on() -> None:
        for number in range(1, 40):
            await desk.bia.writes(str(number))
            await asyncio.sleep(0)

    writing = asyncio.create_task(goes_on())
    await seen(lambda: _enough(desk), True)
    await desk.restarted()
    await writing

    await seen(desk.words, [str(number) for number in range(40)])


async def _enough(desk: Desk) -> bool:
    return len(await desk.lines()) > 3


async def test_a_429_in_the_middle_keeps_twenty_answers_in_order(tmp_path: Path) -> None:
    async with _desk(tmp_path) as desk:
        await desk.bia.writes("Oi")
        await desk.is_taken()
        before = len(desk.bia.received())
        desk.telegram.fault(
            Fault(method="sendMessage", kind="error", status=429, retry_after=1, nth=10)
        )

        for number in range(20):
            await desk.says(str(number))
        await desk.reads(lambda texts: len(texts) == before + 20)

        assert desk.bia.texts()[before:] == [str(number) for number in range(20)]


async def test_what_may_have_arrived_is_told_as_that_and_not_sent_again(tmp_path: Path) -> None:
    async with _desk(tmp_path) as desk:
        await desk.bia.writes("Oi")
        await desk.is_taken()
        desk.telegram.fault(Fault(method="sendMessage", kind="drop", accepted=True))

        await desk.says("Bom dia")

        await seen(lambda: _receipt(desk, "Bom dia"), Receipt.UNKNOWN)
        assert desk.bia.texts().count("Bom dia") == 1


async def test_who_blocks_the_bot_has_left_and_comes_back_by_writing(tmp_path: Path) -> None:
    async with _desk(tmp_path) as desk:
        await desk.bia.writes("Oi")
        await desk.is_taken()
        first = desk.conversation()

        await desk.bia.blocks()
        await until(lambda: not desk.app.parts.engine.desk.conversations)
        await desk.bia.unblocks()
        await desk.bia.writes("Mudei de ideia")
        await until(lambda: bool(desk.app.parts.engine.desk.conversations))

        ended = await desk.app.parts.database.reads.conversation(first.number)
        assert ended is not None
        assert ended.end_cause == "customer_blocked"
        assert desk.conversation().number == first.number + 1


async def test_a_block_of_which_telegram_told_nothing_is_told_to_the_agent(tmp_path: Path) -> None:
    async with _desk(tmp_path) as desk:
        await desk.bia.writes("Oi")
        await desk.is_taken()
        details = "bot was blocked by the user"
        desk.telegram.fault(Fault(method="sendMessage", kind="error", status=403, details=details))

        await desk.says("Bom dia")

        await seen(lambda: desk.receipt_of("Bom dia"), (Receipt.FAILED, "telegram_blocked"))


async def _receipt(desk: Desk, words: str) -> Receipt:
    return (await desk.receipt_of(words))[0]
