"""Bots behind HTTP promise what every bot promises, whichever contract they speak."""

from collections.abc import AsyncIterator

import pytest

from bridge.simulators.bots.deskbridge import DeskbridgeBot
from bridge.simulators.bots.openai import OpenAIBot
from bridge.simulators.bots.rasa import RasaBot
from bridge.simulators.bots.server import SimulatedBot
from bridge.simulators.bots.typebot import TypebotBot
from tests.adapters.bots.rig import SECRET, Desk
from tests.contract.bot_contract import BotContract, BotRig

CASES: dict[str, tuple[type[SimulatedBot], str, dict[str, object]]] = {
    "rasa": (RasaBot, "/webhooks/rest/webhook", {"preset": "rasa"}),
    "typebot": (TypebotBot, "", {"preset": "typebot", "typebot": "shop"}),
    "openai": (OpenAIBot, "/v1/chat/completions", {"preset": "openai", "model": "m"}),
}


class TestDeskbridgeBot(BotContract):
    @pytest.fixture
    async def rig(self, desk: Desk) -> AsyncIterator[BotRig]:
        """Our own contract; and a secret that is none."""
        there = await DeskbridgeBot(SECRET).start()
        yield BotRig(
            new=lambda: desk.bot(f"{there.base}/hook", secret=SECRET),
            misconfigured=lambda: desk.bot(f"{there.base}/hook", secret="whsec_short"),
        )
        await there.stop()


class TestPresets(BotContract):
    @pytest.fixture(params=CASES)
    async def rig(self, request: pytest.FixtureRequest, desk: Desk) -> AsyncIterator[BotRig]:
        """One of the presets; and a secret that is none."""
        kind, path, settings = CASES[request.param]
        there = await kind().start()
        yield BotRig(
            new=lambda: desk.bot(there.base + path, token="sk-test", **settings),
            misconfigured=lambda: desk.bot(there.base + path, secret="whsec_short", **settings),
        )
        await there.stop()
