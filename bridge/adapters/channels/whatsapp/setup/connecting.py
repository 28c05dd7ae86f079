"""`deskbridge connect whatsapp`: a token, a number and a secret, each tried before it is kept."""

import re
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from pydantic import SecretStr

from bridge.adapters.channels.whatsapp.client import Graph
from bridge.adapters.channels.whatsapp.settings import GRAPH, WhatsAppSettings
from bridge.adapters.channels.whatsapp.setup.inspecting import (
    Token,
    look_at_number,
    look_at_token,
    numbers_of,
)
from bridge.adapters.common.setup.talk import Talk
from bridge.domain.errors import DeskbridgeError
from bridge.ports.commands import CommandSpec
from bridge.ports.connecting import AppWish, Connected, Operator

_ID = re.compile(r"[0-9]{5,32}")
_TOKEN = re.compile(r"EAA[A-Za-z0-9]{16,}")
_SECRET = re.compile(r"[0-9a-f]{32}")
_NOBODY = "0" * 16


class WhatsAppConnecting:
    """Asks for what Meta's pages show, and makes the verify token itself."""

    async def connect(
        self, operator: Operator, commands: Sequence[CommandSpec], wish: AppWish
    ) -> Connected:
        """See `Connects`."""
        talk = _Talk(operator, wish)
        talk.tell("begin")
        token, known = await talk.token()
        number = await talk.number(token)
        account = await talk.account(token, known, number)
        secret = await talk.app_secret()
        verify = secrets.token_urlsafe(24)
        async with talk.graph(token, number, account) as graph:
            try:
                await graph.post(f"{account}/subscribed_apps")
                talk.tell("subscribed")
            except DeskbridgeError as error:
                talk.tell("not_subscribed", why=error)
        talk.tell("webhook", url=wish.url or talk.say("your_url"), verify=verify, app=known.app_id)
        given = {
            "phone_number_id": number,
            "business_account_id": account,
            "access_token": token,
            "app_secret": secret,
            "verify_token": verify,
        }
        return Connected(
            settings=given | ({"graph_url": wish.api_url.rstrip("/")} if wish.api_url else {})
        )


class _Talk(Talk):
    """The questions, each asked until its answer holds."""

    def __init__(self, operator: Operator, wish: AppWish) -> None:
        super().__init__(operator, wish.language, "whatsapp.connect")
        self._url = (wish.api_url or GRAPH).rstrip("/")

    @asynccontextmanager
    async def graph(
        self, token: str, number: str = "00000", account: str = "00000"
    ) -> AsyncIterator[Graph]:
        """Graph, as whoever has this token sees it."""
        settings = WhatsAppSettings(
            phone_number_id=number,
            business_account_id=account,
            access_token=SecretStr(token),
            app_secret=SecretStr(_NOBODY),
            verify_token=SecretStr(_NOBODY),
            graph_url=self._url,
        )
        async with aiohttp.ClientSession() as session:
            yield Graph(settings, lambda: session)

    async def token(self) -> tuple[str, Token]:
        """A token that Meta accepts and that may do everything we need."""
        while True:
            token = await self.ask_for("token", _TOKEN, secret=True)
            try:
                async with self.graph(token) as graph:
                    known = await look_at_token(graph, token)
            except DeskbridgeError as error:
                self.tell("refused", why=error)
                continue
            if not known.is_valid:
                self.tell("refused", why=self.say("expired"))
            elif known.lacking():
                self.tell("lacking", rights=", ".join(known.lacking()))
            else:
                if known.expires_at:
                    self.tell("will_expire")
                return token, known

    async def number(self, token: str) -> str:
        """A number that the token may use."""
        while True:
            number = await self.ask_for("number", _ID)
            try:
                async with self.graph(token, number) as graph:
                    found = await look_at_number(graph)
            except DeskbridgeError as error:
                self.tell("refused", why=error)
                continue
            self.tell("is_number", phone=found.display_phone_number, name=found.verified_name)
            return number

    async def account(self, token: str, known: Token, number: str) -> str:
        """The account of the number: found by the token, or asked for."""
        async with self.graph(token) as graph:
            for account in known.accounts():
                try:
                    if number in await numbers_of(graph, account):
                        return account
                except DeskbridgeError:
                    continue  # not an account of ours; another one may be
            while True:
                account = await self.ask_for("account", _ID)
                try:
                    if number in await numbers_of(graph, account):
                        return account
                except DeskbridgeError as error:
                    self.tell("refused", why=error)
                    continue
                self.tell("other_account")

    async def app_secret(self) -> str:
        """It cannot be tried before Meta sends something; its shape can be seen."""
        return await self.ask_for("app_secret", _SECRET, secret=True)
