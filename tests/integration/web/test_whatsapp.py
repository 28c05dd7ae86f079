"""WhatsApp through a whole desk: rows 12 and 13 of the feature list, over a simulated Graph."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bridge.app import App, build
from bridge.commands.authorize import EntryPoint
from bridge.domain.agent import Role
from bridge.domain.content import text_content
from bridge.domain.conversation import Conversation, State
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import (
    DAY,
    MINUTE,
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
from bridge.ports.commands import Answer, CommandInvoked, UserKind, WorkspaceUser
from bridge.ports.workspace import AgentPosted
from bridge.settings import load
from bridge.simulators.graph.faults import Fault
from bridge.simulators.graph.person import Person, words_of
from bridge.simulators.graph.records import Number
from bridge.simulators.graph.simulator import GraphSimulator
from tests.patience import seen, until

SETTINGS = """
[desk]
brand = "Acme"
language = "pt_BR"
[channels.wa]
kind = "whatsapp"
bot = "menu"
phone_number_id = "{number.id}"
business_account_id = "{number.waba}"
access_token = "{number.token}"
app_secret = "{number.app_secret}"
verify_token = "{number.verify_token}"
graph_url = "{url}"
pair_seconds = 0
status_seconds = 1
[workspaces.local]
kind = "local"
[bots.menu]
kind = "menu"
"""
LOCAL = WorkspaceId("local")
ANA = WorkspaceUser(id=WorkspaceUserId("u-ana"), name="Ana", kind=UserKind.MEMBER)
SETTER = Actor(kind=ActorKind.OPERATOR, name="set-up")


@dataclass
class Desk:
    """A desk, a Graph and Ana, who answers."""

    app: App
    graph: GraphSimulator
    number: Number
    clock: MovableClock
    done: int = 0

    @property
    def _sink(self) -> EngineWorkspaceSink:
        parts = self.app.parts
        typing = TypingHints(parts.engine.desk)
        return EngineWorkspaceSink(parts.engine, parts.reader, typing, LOCAL)

    def conversation(self) -> Conversation:
        """The only one that is open."""
        (found,) = self.app.parts.engine.desk.conversations
        return found

    def thread(self) -> ThreadRef:
        """Where Ana answers."""
        binding = self.app.parts.engine.desk.work_binding(self.conversation().id)
        assert binding is not None
        assert binding.thread is not None
        return binding.thread

    async def command(self, words: str) -> None:
        """Ana runs a command outside of any thread, and says yes to what she is shown."""
        name, _, text = words.partition(" ")
        answer = await self._invoke(name, text, {})
        if not answer.ok and answer.code.startswith("confirm"):
            yes = answer.offers[0]
            answer = await self._invoke(yes.command, "", yes.arguments)
        assert answer.ok, answer

    async def _invoke(self, name: str, text: str, arguments: dict[str, str]) -> Answer:
        self.done += 1
        return await self._sink.invoke(
            CommandInvoked(
                workspace=LOCAL,
                source=(SourceKey(f"c{self.done}"),),
                user=ANA,
                command=name,
                text=text,
                arguments=arguments,
            )
        )

    async def says(self, words: str) -> None:
        """Ana writes in the thread."""
        self.done += 1
        await self._sink.accept(
            AgentPosted(
                workspace=LOCAL,
                source=(SourceKey(f"p{self.done}"),),
                user=ANA,
                thread=self.thread(),
                external_id=ExternalId(f"p{self.done}"),
                content=text_content(words),
            )
        )

    async def lines(self) -> list[Message]:
        """What people said in the open conversation."""
        reads = self.app.parts.database.reads
        lines = await reads.lines(self.conversation().id, None, 50)
        return [line for line in lines if line.author in (Author.CUSTOMER, Author.AGENT)]

    async def receipt_of(self, words: str) -> Receipt:
        """What became of a line, by its words."""
        return next(line.receipt for line in await self.lines() if line.content.words() == words)

    async def is_told(self, words: str, receipt: Receipt) -> None:
        """Wait until a line has this receipt."""
        await seen(lambda: self.receipt_of(words), receipt)


def reads_of(person: Person) -> list[str]:
    """What a customer reads."""
    return [words_of(one) for one in person.received()]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = MovableClock(SystemClock())
    async with GraphSimulator.running(now=lambda: clock.now() / 1_000) as graph:
        number = graph.number()
        graph.template(number, "oi", {"type": "BODY", "text": "Oi {{1}}, seu pedido chegou"})
        file = tmp_path / "deskbridge.toml"
        file.touch(mode=0o600)
        file.write_text(SETTINGS.format(number=number, url=graph.url), encoding="utf-8")
        app = await build(load(file, {}), port=0, clock=clock)
        await app.start()
        graph.change_number(number, webhook=f"{app.url}/whatsapp/wa/events")
        made = Desk(app=app, graph=graph, number=number, clock=clock)
        try:
            await hire(app)
            await until(lambda: bool(app.parts.engine.desk.templates()))
            yield made
        finally:
            await app.stop()


async def hire(app: App) -> None:
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


async def with_ana(desk: Desk) -> Person:
    """A customer whom Ana answers."""
    bia = desk.graph.customer(desk.number)
    await bia.writes("Oi")
    await until(lambda: bool(desk.app.parts.engine.desk.conversations))
    await desk.command(f"take #{desk.conversation().number}")
    await until(lambda: _has_thread(desk))
    return bia


def _has_thread(desk: Desk) -> bool:
    binding = desk.app.parts.engine.desk.work_binding(desk.conversation().id)
    return binding is not None and binding.thread is not None


async def test_a_template_to_a_number_that_never_wrote_opens_its_conversation(
    desk: Desk,
) -> None:
    """Row 13; and the bot is silent, though the customer's id lacks his number's ninth digit."""
    caio = desk.graph.customer(desk.number, "551187654321", "Caio", phone="5511987654321")

    await desk.command("template (11) 98765-4321 oi Caio")
    await desk.graph.until(lambda: bool(caio.received()))
    await desk.graph.settled()
    await caio.writes("Obrigado!")
    await desk.graph.settled()

    assert desk.conversation().state is State.ASSIGNED
    assert [line.content.words() for line in await desk.lines()] == [
        "Oi Caio, seu pedido chegou",
        "Obrigado!",
    ]
    assert reads_of(caio) == ["Oi Caio, seu pedido chegou"]


async def test_a_template_crosses_when_free_text_may_not(desk: Desk) -> None:
    """Row 12: refused before Graph is called, and the template is the way out."""
    bia = await with_ana(desk)
    await desk.says("Bom dia")
    await desk.graph.until(lambda: "Bom dia" in reads_of(bia))
    await bia.writes("Quando chega?")
    await desk.graph.settled()
    desk.clock.forward(DAY - 5 * MINUTE)
    await desk.says("ainda dá")
    await desk.graph.until(lambda: "ainda dá" in reads_of(bia))

    desk.clock.forward(10 * MINUTE)
    sent = len(bia.received())
    await desk.says("tarde demais")
    await desk.command(f"template #{desk.conversation().number} oi Bia")
    await desk.graph.until(lambda: "Oi Bia, seu pedido chegou" in reads_of(bia))

    asked = [str(each.get("call")) for each in desk.graph.ledger.entries]
    assert not any("tarde demais" in each for each in asked)
    assert len(bia.received()) == sent + 1


async def test_delivered_and_read_come_back_to_the_line(desk: Desk) -> None:
    bia = await with_ana(desk)

    await desk.says("Bom dia")
    await desk.graph.until(lambda: "Bom dia" in reads_of(bia))
    await desk.is_told("Bom dia", Receipt.DELIVERED)
    await bia.reads()

    await desk.is_told("Bom dia", Receipt.READ)


async def test_an_answer_that_was_lost_is_settled_by_its_status(desk: Desk) -> None:
    bia = await with_ana(desk)
    desk.graph.fault(Fault(route="POST messages", kind="drop", accepted=True))

    await desk.says("Bom dia")

    await desk.is_told("Bom dia", Receipt.DELIVERED)
    assert reads_of(bia).count("Bom dia") == 1


async def test_a_line_of_which_nobody_knows_is_told_as_unknown(desk: Desk) -> None:
    bia = await with_ana(desk)
    desk.graph.fault(Fault(route="POST messages", kind="drop"))

    await desk.says("Bom dia")

    await desk.is_told("Bom dia", Receipt.UNKNOWN)
    assert "Bom dia" not in reads_of(bia)


async def test_a_forged_webhook_leaves_nothing(desk: Desk) -> None:
    async with (
        ClientSession() as http,
        http.post(
            f"{desk.app.url}/whatsapp/wa/events",
            data=b"{}",
            headers={"X-Hub-Signature-256": f"sha256={'0' * 64}"},
        ) as answer,
    ):
        assert answer.status == 401
    assert not list(desk.app.parts.engine.desk.conversations)


async def test_an_answer_on_the_businesss_telephone_silences_the_bot(desk: Desk) -> None:
    bia = desk.graph.customer(desk.number)
    await desk.graph.answers_by_phone(bia, "Já separei o seu")
    await desk.graph.settled()

    await bia.writes("Obrigada! Quando chega?")
    await desk.graph.settled()

    assert desk.conversation().state is State.ASSIGNED
    assert [line.content.words() for line in await desk.lines()] == [
        "Já separei o seu",
        "Obrigada! Quando chega?",
    ]
    assert [one.direction for one in bia.received()] == ["echo"]
