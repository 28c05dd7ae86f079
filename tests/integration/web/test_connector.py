"""Another platform through a whole desk: rows 12 and 13 of the feature list, by signed webhooks."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bridge.app import build
from bridge.domain.conversation import State
from bridge.domain.ids import DAY, MINUTE
from bridge.domain.message import Receipt
from bridge.ports.clock import MovableClock, SystemClock
from bridge.settings import load
from bridge.simulators.connector.platform import Platform
from tests.integration.web.ana import AnasDesk, hire
from tests.integration.web.conftest import Api, Json
from tests.patience import until

SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdCwgMzIgYnl0ZXMgbG9uZyE="
SETTINGS = """
[desk]
brand = "Acme"
language = "pt_BR"
default_region = "BR"
[channels.shop]
kind = "connector"
bot = "menu"
url = "{platform}/hook"
secret = "{secret}"
reply_window_hours = 24
starts_conversations = true
phones = true
templates = "native"
[workspaces.local]
kind = "local"
[bots.menu]
kind = "menu"
"""
BIA, CAIO = "+5511912345678", "+5511987654321"
TEMPLATE = {
    "name": "oi",
    "language": "pt_BR",
    "body": "Oi {{1}}, seu pedido chegou",
    "category": "utility",
    "approved": True,
}


@dataclass(kw_only=True)
class Desk(AnasDesk):
    """Ana's desk, and the platform whose customers she answers."""

    platform: Platform

    async def writes(self, customer: str, text: str) -> None:
        """A customer writes there."""
        status, said = await self.platform.tell(self.platform.line(customer, text))
        assert status == 200, said

    async def reads(self, customer: str, words: str) -> None:
        """Wait until the customer reads this."""
        await until(lambda: words in self.lines_of(customer))

    def lines_of(self, customer: str) -> list[str]:
        """What a customer reads, oldest first."""
        return [line.data["text"] for line in self.platform.lines(customer)]

    def told(self) -> list[Json]:
        """What the platform was told to show, whole."""
        return [each["data"] for each in self.platform.heard if each["type"] == "message.created"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock, platform = MovableClock(SystemClock()), await Platform(SECRET).start()
    file = tmp_path / "deskbridge.toml"
    file.touch(mode=0o600)
    file.write_text(SETTINGS.format(platform=platform.base, secret=SECRET), encoding="utf-8")
    app = await build(load(file, {}), port=0, clock=clock)
    await app.start()
    platform.desk = f"{app.url}/v1/channels/shop/events"
    try:
        await hire(app)
        status, said = await platform.tell(
            {"type": "templates.changed", "data": {"templates": [TEMPLATE]}}
        )
        assert status == 200, said
        yield Desk(app=app, clock=clock, platform=platform)
    finally:
        await app.stop()
        await platform.stop()


async def test_row_12_a_template_crosses_when_free_text_may_not(desk: Desk) -> None:
    await desk.writes(BIA, "Oi")
    await desk.command(f"take #{desk.conversation().number}")
    await until(desk.has_thread)
    await desk.says("Bom dia")
    await desk.reads(BIA, "Bom dia")

    desk.clock.forward(DAY + MINUTE)
    await desk.says("tarde demais")
    await desk.command(f"template #{desk.conversation().number} oi Bia")
    await until(lambda: any("template" in each for each in desk.told()))
    await desk.writes(BIA, "Que bom!")
    await desk.says("agora dá")
    await desk.reads(BIA, "agora dá")

    (sent,) = [each["template"] for each in desk.told() if "template" in each]
    assert sent == {"name": "oi", "language": "pt_BR", "variables": ["Bia"]}
    assert "tarde demais" not in [each["text"] for each in desk.told()]


async def test_row_13_a_template_to_a_number_that_never_wrote_opens_its_conversation(
    desk: Desk,
) -> None:
    await desk.command("template (11) 98765-4321 oi Caio")
    await until(lambda: bool(desk.platform.lines(CAIO)))
    await desk.writes(CAIO, "Obrigado!")

    assert desk.conversation().state is State.ASSIGNED
    assert [line.content.words() for line in await desk.lines()] == [
        "Oi Caio, seu pedido chegou",
        "Obrigado!",
    ]
    assert len(desk.platform.lines(CAIO)) == 1


async def test_row_13_a_platform_that_refuses_is_shown_in_the_thread(desk: Desk) -> None:
    desk.platform.faults.append((400, {"error": {"code": "unknown_address"}}))

    await desk.command("template (11) 98765-4321 oi Caio")

    await desk.is_told("Oi Caio, seu pedido chegou", Receipt.FAILED)


async def test_a_platform_that_says_that_the_time_is_over_closes_it(desk: Desk) -> None:
    await desk.writes(BIA, "Oi")
    await desk.command(f"take #{desk.conversation().number}")
    await until(desk.has_thread)
    desk.platform.faults.append((400, {"error": {"code": "window_closed"}}))

    await desk.says("um")
    await desk.is_told("um", Receipt.FAILED)
    await desk.says("dois")
    await desk.command(f"template #{desk.conversation().number} oi Bia")
    await until(lambda: any("template" in each for each in desk.told()))

    assert "dois" not in [each["text"] for each in desk.told()]


async def test_the_operator_sees_what_did_not_arrive_and_sends_it_again(desk: Desk) -> None:
    async with ClientSession() as http:
        operator = Api(http, desk.app.operator)
        stranger = Api(http, None)

        async def failed() -> list[Json]:
            answer = await operator("GET", f"{desk.app.url}/v1/deliveries/failed")
            return list(answer.body["deliveries"])

        await desk.writes(BIA, "Oi")
        await desk.command(f"take #{desk.conversation().number}")
        await until(desk.has_thread)
        desk.platform.faults.append((400, {"error": {"code": "unknown_address"}}))
        await desk.says("Bom dia")
        await desk.is_told("Bom dia", Receipt.FAILED)
        (listed,) = await failed()
        path = f"{desk.app.url}/v1/deliveries/{listed['id']}/retry"
        refused = await stranger("POST", path)

        done = await operator("POST", path)
        await desk.reads(BIA, "Bom dia")

        assert (listed["state"], listed["channel"]) == ("dead", "shop")
        assert (refused.status, done.status) == (401, 204)
        assert desk.lines_of(BIA).count("Bom dia") == 1
        assert await failed() == []
        assert (await operator("POST", path)).status == 404
