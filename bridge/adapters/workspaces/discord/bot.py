"""The one discord.py client of a workspace: least intents, no caches, every event as it came."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import aiohttp
import discord
import msgspec
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import HTTPClient, Route

from bridge.adapters.workspaces.discord.client import DiscordClient
from bridge.adapters.workspaces.discord.routes import route as rest_route
from bridge.domain.errors import TemporaryFailure
from bridge.domain.value import Value

_DIALLING = 60.0
_CLOSING = 2.0
_BROKEN = 4000
_OVER = 1000
"""The code that ends a session; after any other one it may be taken up again."""


class Frame(msgspec.Struct, frozen=True):
    """One frame of the gateway; `t` names the event and `d` is its body, not read yet."""

    op: int
    t: str | None = None
    s: int | None = None
    d: msgspec.Raw = msgspec.Raw(b"null")


Hears: TypeAlias = Callable[[Frame], None]

_frames = msgspec.json.Decoder(Frame)


class Session(Value):
    """A session that may be taken up again over another connection."""

    id: str
    seq: int
    url: str


class Ended(Value):
    """How a connection ended: with Discord's code, and with a session that goes on or without."""

    session: Session | None = None
    code: int | None = None


class Bot(discord.Client):
    """Serves one `login` to one `close`. discord.py keeps the connection; we read what comes.

    Every event is handed to whom `hears` names, in the order of its arrival and before anything is
    awaited.
    """

    def __init__(self, rest: DiscordClient, gateway_url: str) -> None:
        """Nothing is connected; both addresses are this client's alone, not the process's."""
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody talks here
        self._asked_for = discord.Intents(
            guilds=True, guild_messages=True, message_content=True, guild_reactions=True
        )
        super().__init__(
            intents=self._asked_for,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            enable_debug_events=True,
        )
        self.http = _Http(rest, gateway_url)
        self._connection.http = self.http
        self._connection.parsers.clear()
        self._hears: Hears = _nobody

    def hears(self, hears: Hears) -> None:
        """From now on frames go there."""
        self._hears = hears

    def ask_for_content(self, wanted: bool) -> None:
        """Whether to ask for what people write, which has to be switched on at Discord."""
        self._asked_for.message_content = wanted

    async def converse(self, known: Session | None) -> Ended:
        """One connection from beginning to end, with a new session or the known one.

        Cancelled, it ends the session as well. Raises `TemporaryFailure` when Discord cannot be
        reached.
        """
        ws: DiscordWebSocket | None = None
        try:
            async with asyncio.timeout(_DIALLING):
                ws = self.ws = await self._dialled(known)
            while True:
                await ws.poll_event()
        except ReconnectWebSocket as end:
            return Ended(session=_session(ws, known) if end.resume else None)
        except discord.ConnectionClosed as end:
            return Ended(code=end.code)
        except (OSError, aiohttp.ClientError, TimeoutError, discord.GatewayNotFound) as error:
            raise TemporaryFailure(f"no gateway: {error!r}") from error
        finally:
            await self._hung_up(ws, _OVER)

    async def _dialled(self, known: Session | None) -> DiscordWebSocket:
        if known is None:
            return await DiscordWebSocket.from_client(self, initial=True)
        return await DiscordWebSocket.from_client(
            self,
            gateway=yarl.URL(known.url),
            session=known.id,
            sequence=known.seq,
            resume=True,
        )

    async def hang_up(self) -> None:
        """End the connection, so that its session goes on over another one."""
        await self._hung_up(self.ws, _BROKEN)

    async def _hung_up(self, ws: DiscordWebSocket | None, code: int) -> None:
        """Close it; whoever does not answer that is left alone."""
        if ws is not None and ws.open:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSING):
                    await ws.close(code=code)

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        """Hand over a frame as soon as it is here; everything else is discord.py's own."""
        if event != "socket_raw_receive":
            super().dispatch(event, *args, **kwargs)
            return
        frame = _frames.decode(str(args[0]))
        if frame.t is not None:
            self._hears(frame)


class _Http(HTTPClient):
    """What discord.py calls goes through our own client; the gateway has an address of its own."""

    def __init__(self, rest: DiscordClient, gateway_url: str) -> None:
        super().__init__(discord.utils.MISSING)
        self._rest = rest
        self._gateway = yarl.URL(gateway_url)

    async def request(
        self,
        route: Route,
        *,
        files: Sequence[discord.File] | None = None,
        form: Iterable[dict[str, Any]] | None = None,  # discord.py's own word
        **kwargs: object,
    ) -> object:
        """Who we are is all that it asks: see `discord.Client.login`."""
        path = route.url.removeprefix(Route.BASE)
        return await self._rest.call(rest_route(route.method, path))

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """As discord.py does; Discord's own gateway means the one that we were given."""
        asked = yarl.URL(url)
        if asked.origin() == DiscordWebSocket.DEFAULT_GATEWAY.origin():
            url = str(self._gateway.with_query(asked.query))
        return await super().ws_connect(url, compress=compress)


def _session(ws: DiscordWebSocket | None, known: Session | None) -> Session | None:
    """The session as far as it was heard; the known one where nothing was heard of it."""
    if ws is None or ws.session_id is None or ws.sequence is None:
        return known
    return Session(id=ws.session_id, seq=ws.sequence, url=str(ws.gateway))


def _nobody(_: Frame) -> None:
    pass
