"""The round trip that proves both directions: a message with a button, and the press of it."""

import asyncio
import secrets
from contextlib import suppress

import discord
import msgspec

from bridge.adapters.workspaces.discord.bot import Bot, Frame
from bridge.adapters.workspaces.discord.client import DiscordClient, Json
from bridge.adapters.workspaces.discord.routes import route
from bridge.domain.errors import CredentialsRejected, DeskbridgeError, TemporaryFailure
from bridge.domain.ids import WorkspaceUserId
from bridge.domain.names import tidy_name
from bridge.locales import say
from bridge.ports.commands import UserKind, WorkspaceUser

_SILENT: Json = {"parse": []}
_UPDATE = 7
_READY_WITHIN = 30.0
_BUTTON, _ROW, _PRIMARY = 2, 1, 1


class Presser(msgspec.Struct, frozen=True, kw_only=True):
    """Who pressed: as an agent, and the handle that Discord knows him by."""

    user: WorkspaceUser
    handle: str


class Proof:
    """One message with one button, and a short session at the gateway to hear the press."""

    def __init__(self, client: DiscordClient, bot: Bot, channel: str, language: str) -> None:
        """Nothing is posted or connected yet."""
        self._client = client
        self._bot = bot
        self._channel = channel
        self._language = language
        self._name = f"connect-{secrets.token_hex(8)}"
        loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = loop.create_future()
        self._pressed: asyncio.Future[Json] = loop.create_future()

    async def pressed_within(self, seconds: float) -> Presser | None:
        """Who pressed it; None when nobody did. Raises `CredentialsRejected`, or as a call does."""
        self._bot.hears(self._heard)
        connection = asyncio.create_task(self._bot.start(self._client.token, reconnect=False))
        connection.add_done_callback(self._over)
        try:
            async with asyncio.timeout(_READY_WITHIN):
                await asyncio.shield(self._ready)
            posted = await self._post()
            try:
                press = await asyncio.wait_for(asyncio.shield(self._pressed), seconds)
            except TimeoutError:
                await self._take_back(posted)
                return None
            await self._thank(press)
            return _presser(press)
        except TimeoutError as error:
            raise TemporaryFailure("Discord's gateway does not answer") from error
        finally:
            await self._bot.close()
            await asyncio.gather(connection, self._ready, self._pressed, return_exceptions=True)

    def _over(self, connection: asyncio.Task[None]) -> None:
        """Nobody is to wait for what cannot come any more."""
        why = _ended(connection)
        if not self._ready.done():
            self._ready.set_exception(why)
        if not self._pressed.done():
            self._pressed.set_exception(why)

    def _heard(self, frame: Frame) -> None:
        if frame.t == "READY" and not self._ready.done():
            self._ready.set_result(None)
        if frame.t != "INTERACTION_CREATE" or self._pressed.done():
            return
        press: Json = msgspec.json.decode(frame.d)
        if (press.get("data") or {}).get("custom_id") == self._name and press.get("member"):
            self._pressed.set_result(press)

    async def _post(self) -> str:
        button = {
            "type": _BUTTON,
            "style": _PRIMARY,
            "label": say(self._language, "discord.connect.button"),
            "custom_id": self._name,
        }
        body = {
            "content": say(self._language, "discord.connect.lead"),
            "components": [{"type": _ROW, "components": [button]}],
            "allowed_mentions": _SILENT,
            "nonce": self._name[:25],
            "enforce_nonce": True,
        }
        to = route("POST", "/channels/{channel_id}/messages", channel_id=self._channel)
        return str((await self._client.call(to, body))["id"])

    async def _take_back(self, message: str) -> None:
        """A button that nobody hears any more is no button."""
        path = "/channels/{channel_id}/messages/{message_id}"
        to = route("DELETE", path, channel_id=self._channel, message_id=message)
        with suppress(DeskbridgeError):  # it is only tidier
            await self._client.call(to)

    async def _thank(self, press: Json) -> None:
        said = {
            "content": say(self._language, "discord.connect.thanks"),
            "components": [],
            "allowed_mentions": _SILENT,
        }
        path = "/interactions/{interaction_id}/{token}/callback"
        to = route("POST", path, interaction_id=str(press["id"]), token=str(press["token"]))
        await self._client.call(to, {"type": _UPDATE, "data": said})


def _ended(connection: asyncio.Task[None]) -> DeskbridgeError:
    """Why there is no connection any more, in our words."""
    error = None if connection.cancelled() else connection.exception()
    match error:
        case discord.PrivilegedIntentsRequired():
            return CredentialsRejected("the message-content intent is not switched on")
        case DeskbridgeError():
            return error
        case _:
            return TemporaryFailure(f"no connection to Discord's gateway: {error or 'closed'}")


def _presser(press: Json) -> Presser | None:
    """A person of the server; nobody for a bot."""
    member = press["member"]
    user = member["user"]
    if user.get("bot"):
        return None
    names = (member.get("nick"), user.get("global_name"), user.get("username"))
    name = tidy_name(next((str(one) for one in names if one), str(user["id"])))
    person = WorkspaceUser(
        id=WorkspaceUserId(str(user["id"])), name=name, kind=UserKind.MEMBER, role=None
    )
    return Presser(user=person, handle=str(user.get("username") or ""))
