"""`deskbridge bot check`: every way to fall short is found, named, and has a way out."""

import itertools
from collections.abc import AsyncIterator

import aiohttp
import pytest
from typer.testing import CliRunner

from bridge.adapters.bots.webhook.examining import Examination
from bridge.adapters.bots.webhook.settings import WebhookSettings
from bridge.adapters.common.webhooks import Signer
from bridge.cli.main import app
from bridge.domain.errors import InvalidSettings
from bridge.ports.plugin import Check
from bridge.simulators.bots.deskbridge import DeskbridgeBot
from bridge.simulators.bots.server import Heard, Json, SimulatedBot
from tests.adapters.bots.rig import OTHER_SECRET, SECRET


class Careless(SimulatedBot):
    """Believes everybody and answers what a test wants."""

    def __init__(self, said: Json = None) -> None:
        super().__init__()
        self.said = {"messages": [{"text": "Hi"}]} if said is None else said
        self.refuses = ""

    async def answer(self, heard: Heard) -> tuple[int, Json]:
        if self.refuses and self.refuses in heard.body.decode():
            return 500, {}
        return 200, self.said


class Forgetful(Careless):
    """Answers the same question differently each time."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = itertools.count()

    async def answer(self, heard: Heard) -> tuple[int, Json]:
        return 200, {"messages": [{"text": str(next(self._numbers))}]}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def examined(
    bot: SimulatedBot, http: aiohttp.ClientSession, language: str = "en", secret: str = SECRET
) -> dict[str, Check]:
    await bot.start()
    settings = WebhookSettings.model_validate({"url": f"{bot.base}/hook", "secret": secret})
    try:
        examination = Examination(settings, language, http)
        return {check.name: check async for check in examination.checks()}
    finally:
        await bot.stop()


async def test_a_good_bot_passes_everything(http: aiohttp.ClientSession) -> None:
    checks = await examined(DeskbridgeBot(SECRET), http)

    assert list(checks) == [
        "reach",
        "answer",
        "latency",
        "repeats",
        "signature",
        "news",
        "odd lines",
    ]
    assert all(check.ok and not check.warning for check in checks.values()), checks


async def test_a_bot_that_believes_everybody_is_told_what_it_believed(
    http: aiohttp.ClientSession,
) -> None:
    checks = await examined(Careless(), http)

    assert not checks["signature"].ok
    assert "no signature, a wrong signature" in checks["signature"].detail
    assert "standardwebhooks" in checks["signature"].fix


async def test_a_bot_that_says_nothing_is_warned(http: aiohttp.ClientSession) -> None:
    checks = await examined(Careless({}), http)

    assert checks["answer"].warning


async def test_an_answer_that_makes_no_sense_is_named(http: aiohttp.ClientSession) -> None:
    checks = await examined(Careless({"mesages": []}), http)

    assert not checks["answer"].ok
    assert "mesages" in checks["answer"].detail


async def test_a_bot_that_acts_twice_is_warned(http: aiohttp.ClientSession) -> None:
    checks = await examined(Forgetful(), http)

    assert checks["repeats"].warning


@pytest.mark.parametrize(
    ("refuses", "check", "named"),
    [
        ("conversation.ended", "news", "conversation.ended"),
        ("attachments", "odd lines", "a file"),
        ("latitude", "odd lines", "a location"),
    ],
)
async def test_what_a_bot_trips_over_is_named(
    http: aiohttp.ClientSession, refuses: str, check: str, named: str
) -> None:
    bot = Careless()
    bot.refuses = refuses

    checks = await examined(bot, http)

    assert not checks[check].ok
    assert named in checks[check].detail


async def test_a_bot_with_another_secret_is_not_reached_and_the_way_out_is_said(
    http: aiohttp.ClientSession,
) -> None:
    checks = await examined(DeskbridgeBot(OTHER_SECRET), http)

    assert list(checks) == ["reach"]
    assert "401" in checks["reach"].detail
    assert "secret" in checks["reach"].fix


async def test_the_report_can_be_read_in_portuguese(http: aiohttp.ClientSession) -> None:
    checks = await examined(Careless(), http, "pt_BR")

    assert "sem assinatura" in checks["assinatura"].detail


async def test_a_secret_that_is_none_is_refused(http: aiohttp.ClientSession) -> None:
    with pytest.raises(InvalidSettings, match="secret"):
        await examined(Careless(), http, secret="hunter2")


def test_the_command_makes_a_secret_that_counts() -> None:
    made = CliRunner().invoke(app, ["bot", "secret"])

    secret = made.stdout.strip()
    assert Signer(secret, "secret").headers("1", b"{}")
    assert secret != CliRunner().invoke(app, ["bot", "secret"]).stdout.strip()


def test_the_command_fails_for_a_bot_that_nobody_reaches() -> None:
    url = "http://127.0.0.1:9/hook"

    failed = CliRunner().invoke(app, ["bot", "check", url, "--secret", SECRET, "--json"])

    assert failed.exit_code == 1
    assert '"FAIL"' in failed.stdout
