"""The simulated Telegram, listening on 127.0.0.1."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from bridge.simulators.common.doorman import only_by_its_own_name
from bridge.simulators.common.ledger import Ledger
from bridge.simulators.telegram.api.call import Desk
from bridge.simulators.telegram.faults import EventFault, Fault, Faults
from bridge.simulators.telegram.limits import Limits, Meter
from bridge.simulators.telegram.person import Person
from bridge.simulators.telegram.polls import Polls
from bridge.simulators.telegram.records import Bot, Chat, Message, User, Violation
from bridge.simulators.telegram.settings import Quirks
from bridge.simulators.telegram.telling import Telling
from bridge.simulators.telegram.web import Api
from bridge.simulators.telegram.world import World

T = TypeVar("T")
SHUTDOWN = 0.1


class TelegramSimulator:
    """A Telegram with bots, and people who write to them."""

    def __init__(
        self,
        *,
        ledger: Path | None = None,
        limits: Limits | None = None,
        quirks: Quirks | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Without `limits` nothing is limited; without `ledger` it is kept in memory only."""
        self.faults = Faults()
        self.world = World(now, self.faults, quirks or Quirks())
        self.ledger = Ledger(ledger, self.world.now)
        self.meter = Meter(limits or Limits.off(), time.monotonic)
        self.telling = Telling(self.world)
        self.polls = Polls()
        self.telling.told = self.polls.wake
        self.violations: list[Violation] = []
        """Calls that are not as the Bot API says. A test of a client asserts that there is none."""
        desk = Desk(
            world=self.world,
            ledger=self.ledger,
            telling=self.telling,
            meter=self.meter,
            polls=self.polls,
            violations=self.violations,
        )
        self.api = Api(desk, self.faults)
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        """For `base_url`: the token follows at once, as in `https://api.telegram.org/bot`."""
        return f"{self.world.address}/bot"

    @property
    def base_file_url(self) -> str:
        """For `base_file_url`: the token follows at once."""
        return f"{self.world.address}/file/bot"

    @classmethod
    @asynccontextmanager
    async def running(
        cls,
        *,
        port: int = 0,
        ledger: Path | None = None,
        limits: Limits | None = None,
        quirks: Quirks | None = None,
        now: Callable[[], float] = time.time,
    ) -> AsyncIterator["TelegramSimulator"]:
        """A simulator that listens; it stops at the end of the block."""
        it = cls(ledger=ledger, limits=limits, quirks=quirks, now=now)
        await it.start(port)
        try:
            yield it
        finally:
            await it.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1, on any free port unless told."""
        app = web.Application(client_max_size=1024**3, middlewares=[only_by_its_own_name])
        self.api.route(app)
        self._runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, taken = self._runner.addresses[0][:2]
        self.world.address = f"http://{host}:{taken}"

    async def stop(self) -> None:
        """Close every connection; the ledger stays."""
        self.faults.released.set()
        self.polls.end_all()
        self.world.changes.end()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.ledger.aclose()

    # ------------------------------------------------------------ making

    def bot(self, username: str = "acme_bot", name: str = "Acme") -> Bot:
        """A bot; its `token` is what BotFather would tell."""
        return self.world.add_bot(username, name)

    def person(
        self, bot: Bot, first_name: str = "Bia", *, started: bool = True, **more: str | bool
    ) -> Person:
        """Somebody with Telegram, in front of a bot. Not `started`: the bot may not write yet."""
        user = User(
            id=self.world.new_id(),
            first_name=first_name,
            **more,  # type: ignore[arg-type]  # the fields of the record, checked by it
        )
        self.world.users[user.id] = user
        chat = Chat(bot=bot.id, id=user.id, kind="private", started=started)
        return self._person(user, self.world.put_chat(chat))

    def _person(self, user: User, chat: Chat) -> Person:
        return Person(self.world, self.ledger, self.telling, user, chat)

    # ------------------------------------------------------------ looking and waiting

    def message(self, message: Message) -> Message:
        """A message as it is now."""
        return self.world.messages[message.key]

    async def until(self, look: Callable[[], T | None], within: float = 20.0) -> T:
        """What `look` gives as soon as it is something true. Raises `GaveUpWaiting`."""
        return await self.world.changes.until(look, within)

    # ------------------------------------------------------------ trouble

    def fault(self, fault: Fault | EventFault) -> None:
        """From now on something goes wrong."""
        self.faults.add(fault)

    def turn(self, quirks: Quirks) -> None:
        """Other quirks from now on."""
        self.world.quirks = quirks

    def forward(self, seconds: float) -> None:
        """Time goes on at once."""
        self.world.forward(seconds)
