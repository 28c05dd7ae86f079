"""The simulated Telegram, listening on 127.0.0.1."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from bridge.simulators.common.doorman import only_by_its_own_name
from bridge.simulators.common.ledger import Ledger
from bridge.simulators.telegram.api.call import Desk
from bridge.simulators.telegram.control import Control
from bridge.simulators.telegram.faults import EventFault, Fault, Faults
from bridge.simulators.telegram.limits import Limits, Meter
from bridge.simulators.telegram.office import WebhookOffice
from bridge.simulators.telegram.person import Person
from bridge.simulators.telegram.polls import Polls
from bridge.simulators.telegram.records import (
    Bot,
    Chat,
    ChatKind,
    Message,
    Standing,
    User,
    Violation,
)
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
        self.office = WebhookOffice(self.world, self.violations)
        self.world.told = self._told
        self._runner: web.AppRunner | None = None

    def _told(self, bot: int) -> None:
        self.polls.wake(bot)
        self.office.wake()

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
        Control(self).route(app)
        self.api.route(app)
        self._runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, taken = self._runner.addresses[0][:2]
        self.world.address = f"http://{host}:{taken}"
        self.office.start()

    async def stop(self) -> None:
        """Close every connection; the ledger stays."""
        self.faults.released.set()
        self.polls.end_all()
        self.world.changes.end()
        await self.office.aclose()
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

    def somebody(self, bot: Bot, id_: int) -> Person:
        """Somebody who is there, by his id. Raises `KeyError`."""
        return self._person(self.world.users[id_], self.world.chats[bot.id, id_])

    def change_bot(self, bot: Bot, **what: str | bool) -> Bot:
        """The bot as it is from now on: another `token`, no `privacy`."""
        changed = replace(self.world.bots[bot.id], **what)  # type: ignore[arg-type]  # its fields
        self.world.bots[bot.id] = changed
        return changed

    def group(
        self, bot: Bot, title: str, *people: Person, kind: ChatKind = "group", admin: bool = False
    ) -> Chat:
        """A group or a channel, to which the first of these people added the bot just now."""
        chat = Chat(
            bot=bot.id,
            id=-self.world.new_id() - (0 if kind == "group" else 10**12),
            kind=kind,
            title=title,
            members=tuple(one.id for one in people),
            standing="administrator" if admin or kind == "channel" else "member",
        )
        self.world.put_chat(chat)
        self.telling.standing(chat, people[0].user, "left", chat.standing)
        return chat

    def stands(self, chat: Chat, by: Person, standing: Standing) -> Chat:
        """Somebody promotes the bot in a group, or removes it (`kicked`)."""
        now = self.world.chats[chat.bot, chat.id]
        changed = self.world.put_chat(replace(now, standing=standing))
        self.telling.standing(changed, by.user, now.standing, standing)
        return changed

    async def upgrade(self, group: Chat, by: Person) -> Chat:
        """A group becomes a supergroup: it has another id from now on, and both say so."""
        bigger = replace(group, id=-self.world.new_id() - 10**12, kind="supergroup")
        self.world.put_chat(bigger)
        self.world.put_chat(replace(group, migrated_to=bigger.id))
        await by.at(group).sends({"migrate_to_chat_id": bigger.id})
        await by.at(bigger).sends({"migrate_from_chat_id": group.id})
        return bigger

    # ------------------------------------------------------------ looking and waiting

    def message(self, message: Message) -> Message:
        """A message as it is now."""
        return self.world.messages[message.key]

    async def until(self, look: Callable[[], T | None], within: float = 30.0) -> T:
        """What `look` gives as soon as it is something true. Raises `GaveUpWaiting`."""
        return await self.world.changes.until(look, within)

    async def settled(self, within: float = 30.0) -> None:
        """No webhook is on its way (those that wait for another try do not count)."""
        await self.until(lambda: self.office.idle, within)

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
