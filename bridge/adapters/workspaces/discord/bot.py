"""The one discord.py client of a workspace: least intents, no caches, every event as it came."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import aiohttp
import discord
import msgspec
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route

API = Route.BASE
GATEWAY = str(DiscordWebSocket.DEFAULT_GATEWAY)

_INTENTS = discord.Intents(
    guilds=True, guild_messages=True, message_content=True, guild_reactions=True
)
_LONGEST_PAUSE = 30.0
"""Seconds that discord.py may sleep for a rate limit; what takes longer is our own to repeat."""
_READ_BY_US = (
    "MESSAGE_CREATE",
    "MESSAGE_UPDATE",
    "MESSAGE_DELETE",
    "MESSAGE_DELETE_BULK",
    "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_REMOVE",
    "MESSAGE_REACTION_REMOVE_ALL",
    "MESSAGE_REACTION_REMOVE_EMOJI",
)


class Frame(msgspec.Struct, frozen=True):
    """One frame of the gateway; `t` names the event and `d` is its body, not read yet."""

    op: int
    t: str | None = None
    s: int | None = None
    d: msgspec.Raw = msgspec.Raw(b"null")


Hears: TypeAlias = Callable[[Frame], None]

_frames = msgspec.json.Decoder(Frame)


class Bot(discord.Client):
    """Serves one `login` to one `close`; `http` works without the gateway from `login` on.

    Every dispatched frame is handed to whom `hears` names, in the order of its arrival and before
    anything is awaited. discord.py keeps its guilds and channels, but reads no messages.
    """

    def __init__(self, api_url: str = API, gateway_url: str = GATEWAY) -> None:
        """Nothing is connected; the two addresses are this client's alone."""
        super().__init__(
            intents=_INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_ratelimit_timeout=_LONGEST_PAUSE,
            enable_debug_events=True,
        )
        self.http = _Http(api_url, gateway_url)
        self._connection.http = self.http
        for event in _READ_BY_US:
            self._connection.parsers.pop(event, None)
        self._hears: Hears = _nobody

    def hears(self, hears: Hears) -> None:
        """From now on frames go there."""
        self._hears = hears

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        """Hand over a frame as soon as it is here; everything else is discord.py's own."""
        if event != "socket_raw_receive":
            super().dispatch(event, *args, **kwargs)
            return
        frame = _frames.decode(str(args[0]))
        if frame.t is not None:
            self._hears(frame)


class _Http(HTTPClient):
    """discord.py's own client with addresses of its own; elsewhere they are the process's."""

    def __init__(self, api_url: str, gateway_url: str) -> None:
        super().__init__(discord.utils.MISSING, max_ratelimit_timeout=_LONGEST_PAUSE)
        self._api = api_url.rstrip("/")
        self._gateway = yarl.URL(gateway_url)

    async def request(
        self,
        route: Route,
        *,
        files: Sequence[discord.File] | None = None,
        form: Iterable[dict[str, Any]] | None = None,  # discord.py's own word
        **kwargs: object,
    ) -> object:
        """As discord.py does, at our address."""
        route.url = self._api + route.url.removeprefix(Route.BASE)
        return await super().request(route, files=files, form=form, **kwargs)

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """As discord.py does; Discord's own gateway means the one that we were given."""
        asked = yarl.URL(url)
        if asked.origin() == DiscordWebSocket.DEFAULT_GATEWAY.origin():
            url = str(self._gateway.with_query(asked.query))
        return await super().ws_connect(url, compress=compress)


def _nobody(_: Frame) -> None:
    pass
