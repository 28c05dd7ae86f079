"""A Telegram, a bot and somebody who writes to it."""

from typing import Any

import telegram
from aiohttp import ClientSession, FormData

from bridge.simulators.telegram import Bot, Person, TelegramSimulator
from bridge.simulators.telegram.spec.schema import spec

Json = dict[str, Any]  # what Telegram says
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


class Scene:
    """Calls with any client: by hand, or with the real python-telegram-bot."""

    def __init__(self, sim: TelegramSimulator, http: ClientSession) -> None:
        self.sim = sim
        self.http = http
        self.bot: Bot = sim.bot()
        self.bia: Person = sim.person(self.bot)

    def client(self) -> telegram.Bot:
        """python-telegram-bot with its two addresses set, and nothing else."""
        return telegram.Bot(
            self.bot.token, base_url=self.sim.base_url, base_file_url=self.sim.base_file_url
        )

    async def call(self, method: str, **args: object) -> Json:
        """A call as JSON; gives the whole answer."""
        url = f"{self.sim.base_url}{self.bot.token}/{method}"
        async with self.http.post(url, json=args) as answer:
            said: Json = await answer.json()
            assert answer.status == said.get("error_code", 200)
            return said

    async def send(self, method: str = "sendMessage", **args: object) -> Json:
        """A call about Bia's chat that succeeds; its result is as the Bot API says."""
        said = await self.call(method, chat_id=self.bia.id, **args)
        assert said["ok"], said
        name = spec().method(method)
        assert name is not None
        assert spec().problems(spec().methods[name].returns, said["result"], "") == []
        result: Json = said["result"]
        return result

    async def upload(self, method: str, part: str, body: bytes, name: str, **args: str) -> Json:
        """A call with a file."""
        form = FormData({"chat_id": str(self.bia.id), **args})
        form.add_field(part, body, filename=name)
        url = f"{self.sim.base_url}{self.bot.token}/{method}"
        async with self.http.post(url, data=form) as answer:
            said: Json = await answer.json()
            return said

    async def updates(self, **args: object) -> list[Json]:
        """What waits, each as the Bot API says."""
        said = await self.call("getUpdates", **args)
        assert said["ok"], said
        assert spec().problems(["Array of Update"], said["result"], "") == []
        result: list[Json] = said["result"]
        return result

    async def texts(self, **args: object) -> list[str]:
        """The words of the messages that wait."""
        return [one["message"]["text"] for one in await self.updates(**args)]
