"""`deskbridge connect telegram`: one token, tried at once, and a first message that arrives."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
import msgspec
from telegram import User

from bridge.adapters.channels.telegram.client import Client
from bridge.adapters.channels.telegram.errors import Conflict
from bridge.adapters.channels.telegram.inbound import WANTED
from bridge.adapters.channels.telegram.polling import MOST
from bridge.adapters.channels.telegram.settings import TELEGRAM, TOKEN, Receive
from bridge.adapters.common.setup.talk import Talk
from bridge.domain.errors import DeskbridgeError, TemporaryFailure
from bridge.domain.ids import SECOND
from bridge.domain.names import tidy_name
from bridge.ports.clock import Clock, SystemClock
from bridge.ports.commands import CommandSpec
from bridge.ports.connecting import AppWish, Connected, Operator

PATIENCE = 300
"""Seconds in which somebody must write to the bot."""
_OPEN = 20
_OURS = frozenset({"receive", "webhook_secret", "api_url", "file_url"})
"""What is in the settings from an earlier connection and is not given again, is not meant."""


class TelegramConnecting:
    """Asks for one token and lets somebody write a line."""

    def __init__(self, patience: int = PATIENCE, clock: Clock | None = None) -> None:
        """`patience` is how many seconds the line is waited for."""
        self._patience = patience
        self._clock = clock or SystemClock()

    async def connect(
        self, operator: Operator, commands: Sequence[CommandSpec], wish: AppWish
    ) -> Connected:
        """See `Connects`."""
        talk = _Talk(operator, wish, self._clock)
        talk.tell("begin")
        token, me = await talk.token()
        talk.tell("is_bot", name=me.full_name, username=me.username)
        async with talk.client(token) as client:
            await talk.take_over(client)
            await talk.first_line(client, me, self._patience)
        given = {"token": token}
        if wish.url:
            given |= {"receive": Receive.WEBHOOK.value, "webhook_secret": secrets.token_urlsafe(32)}
            talk.tell("webhook", url=wish.url)
        if wish.api_url:
            given["api_url"] = wish.api_url.rstrip("/")
        return Connected(settings=given, outdated=_OURS)


class _From(msgspec.Struct):
    first_name: str = ""
    is_bot: bool = False


class _Chat(msgspec.Struct):
    type: str = ""


class _Message(msgspec.Struct):
    chat: _Chat
    from_: _From = msgspec.field(default_factory=_From, name="from")


class _Update(msgspec.Struct):
    message: _Message | None = None


class _Talk(Talk):
    """The questions, each asked until its answer holds."""

    def __init__(self, operator: Operator, wish: AppWish, clock: Clock) -> None:
        super().__init__(operator, wish.language, "telegram.connect")
        self._wish = wish
        self._clock = clock
        self._url = (wish.api_url or TELEGRAM).rstrip("/")

    @asynccontextmanager
    async def client(self, token: str) -> AsyncIterator[Client]:
        """The Bot API, as whoever has this token sees it."""
        async with aiohttp.ClientSession() as session:
            yield Client(token, self._url, f"{self._url}/file", lambda: session)

    async def token(self) -> tuple[str, User]:
        """A token that Telegram accepts, and whose it is."""
        while True:
            token = await self.ask_for("token", TOKEN, secret=True)
            try:
                async with self.client(token) as client:
                    return token, await client.me()
            except DeskbridgeError as error:
                self.tell("refused", why=error)

    async def take_over(self, client: Client) -> None:
        """As long as a webhook is set nothing can be fetched; one that is not ours is asked for."""
        url = (await client.webhook()).url
        if not url:
            return
        if url != self._wish.url:
            host = urlsplit(url).netloc or url
            if not await self.agrees("foreign", host=host):
                raise self.given_up()
        await client.delete_webhook()

    async def first_line(self, client: Client, me: User, patience: int) -> None:
        """Somebody writes to the bot. The line is left there: the desk takes it when it starts."""
        self.tell("write", link=f"https://t.me/{me.username}", minutes=max(1, patience // 60))
        until = self._clock.now() + patience * SECOND
        try:
            while (left := (until - self._clock.now()) // SECOND) > 0:
                seconds = min(_OPEN, left)
                updates = await client.updates(WANTED, after=None, limit=MOST, seconds=seconds)
                name = next(filter(None, map(_writer, updates)), "")
                if name:
                    self.tell("arrived", name=name)
                    return
        except Conflict:
            self.tell("elsewhere")
            return
        except TemporaryFailure as error:
            self.tell("not_fetched", why=error)
            return
        self.tell("nobody")


def _writer(update: bytes) -> str:
    """Who wrote a line of his own to the bot; empty for any other update."""
    try:
        message = msgspec.json.decode(update, type=_Update).message
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    if message is None or message.chat.type != "private" or message.from_.is_bot:
        return ""
    return tidy_name(message.from_.first_name) or "?"
