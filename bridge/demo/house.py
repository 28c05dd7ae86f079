"""The demo's desk: the real app on a folder of its own, with a clock that can be sent forward."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import aiohttp

from bridge.app import App, build
from bridge.demo.phone.shop import Shop
from bridge.demo.surfaces.operator import Operator
from bridge.domain.ids import Instant
from bridge.ports.clock import Clock, MovableClock, SystemClock
from bridge.ports.http import ServesHTTP
from bridge.settings import FILE_NAME, Settings, load

HOST = "127.0.0.1"
CHANNEL = "webchat"
WORKSPACE = "local"
NOTHING: Mapping[str, str] = MappingProxyType({})


class Earlier:
    """Another clock, so long ago."""

    def __init__(self, clock: Clock, millis: int) -> None:
        """`millis` is how far back."""
        self._clock = clock
        self._back = millis

    def now(self) -> Instant:
        """The moment there."""
        return Instant(self._clock.now() - self._back)


def earlier(millis: int) -> MovableClock:
    """A clock that begins so long ago and can be sent forward."""
    return MovableClock(Earlier(SystemClock(), millis))


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """A running desk and what whoever plays on it needs."""

    app: App
    url: str
    settings: Settings
    clock: MovableClock
    http: aiohttp.ClientSession
    operator: Operator
    shop: Shop | None = None
    """Its WhatsApp number, where it has one."""

    @property
    def chat(self) -> str:
        """Where the web chat is."""
        return f"{self.url}/chat/{CHANNEL}"


def settle_in(folder: Path, language: str, environ: Mapping[str, str] = NOTHING) -> Settings:
    """The settings of a demo in this folder; a file that is there already is kept as it is.

    `environ` is what is not for keeping. Raises `InvalidSettings`.
    """
    path = folder / FILE_NAME
    if not path.exists():
        text = files("bridge.demo").joinpath("files", FILE_NAME).read_text("utf-8")
        text = text.replace("@language@", language).replace("@secret@", secrets.token_hex(16))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")
    return load(path, environ)


@asynccontextmanager
async def open_house(
    settings: Settings,
    *,
    host: str = HOST,
    port: int = 0,
    clock: MovableClock | None = None,
    pages: Sequence[ServesHTTP] = (),
    shop: Shop | None = None,
) -> AsyncIterator[House]:
    """A desk that runs as long as the block does, by this clock, the shop's or the system's."""
    clock = clock or (earlier(0) if shop is None else shop.clock)
    app = await build(settings, host=host, port=port, clock=clock, demo=True, pages=pages)
    try:
        await app.start()
        if shop is not None:
            shop.opens(app.url)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as http:
            yield House(
                app=app,
                url=app.url,
                settings=settings,
                clock=clock,
                http=http,
                operator=Operator(http, app.url, app.operator),
                shop=shop,
            )
    finally:
        if shop is not None:
            shop.closes()
        await app.stop()
