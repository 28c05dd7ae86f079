"""WhatsApp through a whole desk: rows 12 and 13 of the feature list, over a simulated Graph."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bridge.app import build
from bridge.domain.conversation import State
from bridge.domain.ids import (
    DAY,
    MINUTE,
)
from bridge.domain.message import Receipt
from bridge.ports.clock import MovableClock, SystemClock
from bridge.settings import load
from bridge.simulators.graph.faults import Fault
from bridge.simulators.graph.person import Person, words_of
from bridge.simulators.graph.records import Number
from bridge.simulators.graph.simulator import GraphSimulator
from tests.integration.web.ana import AnasDesk, hire
from tests.patience import until

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


@dataclass(kw_only=True)
class Desk(AnasDesk):
    """Ana's desk on WhatsApp, and the Graph in front of it."""

    graph: GraphSimulator
    number: Number


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


async def with_ana(desk: Desk) -> Person:
    """A customer whom Ana answers."""
    bia = desk.graph.customer(desk.number)
    await bia.writes("Oi")
    await until(lambda: bool(desk.app.parts.engine.desk.conversations))
    await desk.command(f"take #{desk.conversation().number}")
    await until(desk.has_thread)
    return bia


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


async def test_a_number_that_nobody_has_is_shown_in_the_thread_that_it_opened(desk: Desk) -> None:
    await desk.command("template (11) 95555-0000 oi Caio")

    await desk.is_told("Oi Caio, seu pedido chegou", Receipt.FAILED)
    (line,) = await desk.lines()
    assert (line.receipt_reason, desk.conversation().state) == ("whatsapp_131026", State.ASSIGNED)


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
