"""Builds the adapters that are configured, and starts and stops them together."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import aiohttp
import structlog

from bridge.app.replica import Common
from bridge.app.storing import Database
from bridge.delivery.calling import Adapters
from bridge.domain.ids import BotId, ChannelId, Language, WorkspaceId
from bridge.engine.state.options import ChannelPlace, Places, WorkspacePlace
from bridge.locales import LANGUAGES
from bridge.ports.bot import HEARD, BotAdapter, Hears
from bridge.ports.channel import ChannelAdapter, ChannelEvent, Named, Overhears
from bridge.ports.clock import Clock
from bridge.ports.holding import HeldFor, Replaced, WhenLeading
from bridge.ports.outgoing import Connector
from bridge.ports.plugin import AdapterContext, already
from bridge.ports.workspace import Speaks, WorkspaceAdapter
from bridge.settings import Settings
from bridge.settings.key import DeskKey

log = structlog.get_logger()

_CALL = aiohttp.ClientTimeout(total=60, connect=10)


class Outbound:
    """The one client session that every adapter shares; made when it is first needed."""

    def __init__(self, replaced: Replaced) -> None:
        """Nothing is open yet."""
        self._session: aiohttp.ClientSession | None = None
        self._replaced = replaced

    def __call__(self) -> aiohttp.ClientSession:
        """The session."""
        if self._session is None:
            connector = Connector(self._replaced)
            self._session = aiohttp.ClientSession(timeout=_CALL, connector=connector)
        return self._session

    async def close(self) -> None:
        """End its connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class Workshop:
    """What every adapter is given."""

    settings: Settings
    database: Database
    clock: Clock
    key: DeskKey
    public_url: str
    http: Callable[[], aiohttp.ClientSession]
    demo: bool
    common: Common | None

    def context(self, section: str, name: str) -> AdapterContext:
        """The context of one adapter; nothing of it is another's."""
        place, holding = f"{section}.{name}", self.database.holding
        leading = already() if self.common is None else self.common.leading
        return AdapterContext(
            id=name,
            brand=self.settings.desk.brand,
            public_url=self.public_url,
            store=self.database.adapter_store(place),
            files=self.database.files,
            clock=self.clock,
            secret=lambda purpose: self.key.secret(f"{place}: {purpose}"),
            http=self.http,
            demo=self.demo,
            language=Language(self.settings.desk.language),
            holding=HeldFor(WhenLeading(holding, leading), place),
            leading=leading,
            replaced=self.database.replaced,
        )

    def adapters(self) -> Adapters:
        """Every adapter, in the order of the settings; nothing is started."""
        settings = self.settings
        return Adapters(
            channels={
                ChannelId(name): entry.plugin.build(entry.settings, self.context("channels", name))
                for name, entry in settings.channels.items()
            },
            workspaces={
                WorkspaceId(name): entry.plugin.build(
                    entry.settings, self.context("workspaces", name)
                )
                for name, entry in settings.workspaces.items()
            },
            bots={
                BotId(name): entry.plugin.build(entry.settings, self.context("bots", name))
                for name, entry in settings.bots.items()
            },
        )


def places_of(settings: Settings, adapters: Adapters) -> Places:
    """The channels and workspaces as the engine knows them."""
    usual = Language(settings.desk.language)
    return Places(
        channels={
            name: _channel_place(settings, adapter, adapters)
            for name, adapter in adapters.channels.items()
        },
        workspaces={
            name: WorkspacePlace(
                id=name,
                capabilities=adapter.capabilities,
                language=adapter.language if isinstance(adapter, Speaks) else usual,
            )
            for name, adapter in adapters.workspaces.items()
        },
    )


def _channel_place(settings: Settings, adapter: ChannelAdapter, adapters: Adapters) -> ChannelPlace:
    common = settings.channels[adapter.channel_id].common
    bot: object = adapters.bots.get(BotId(common.bot)) if common.bot else None
    labels: dict[Language, str] = {}
    if isinstance(adapter, Named):
        labels = {each: adapter.label_in(each) for each in map(Language, LANGUAGES)}
    return ChannelPlace(
        id=adapter.channel_id,
        label=adapter.label,
        labels=labels,
        capabilities=adapter.capabilities,
        bot=BotId(common.bot) if common.bot else None,
        bot_hears=bot.hears if isinstance(bot, Hears) else HEARD,
        bot_observes=bot.observes if isinstance(bot, Hears) else False,
        reply_hold=common.reply_hold,
    )


def overhear(adapters: Adapters, event: ChannelEvent) -> None:
    """Have its channel remember what another process took in."""
    channel: object = adapters.channels.get(event.channel)
    if isinstance(channel, Overhears):
        channel.overhear(event)


def everyone(adapters: Adapters) -> Iterator[ChannelAdapter | WorkspaceAdapter | BotAdapter]:
    """Every adapter."""
    yield from adapters.channels.values()
    yield from adapters.workspaces.values()
    yield from adapters.bots.values()


def by_place(
    adapters: Adapters,
) -> Mapping[str, ChannelAdapter | WorkspaceAdapter | BotAdapter]:
    """Every adapter by the name of its table in the settings."""
    return (
        {f"channels.{name}": each for name, each in adapters.channels.items()}
        | {f"workspaces.{name}": each for name, each in adapters.workspaces.items()}
        | {f"bots.{name}": each for name, each in adapters.bots.items()}
    )


async def stop_all(adapters: Adapters, seconds: float) -> None:
    """Stop every adapter at once; one that fails or hangs does not keep the others."""
    async with asyncio.TaskGroup() as group:
        for place, adapter in by_place(adapters).items():
            group.create_task(_stop(place, adapter, seconds))


async def _stop(
    place: str, adapter: ChannelAdapter | WorkspaceAdapter | BotAdapter, seconds: float
) -> None:
    try:
        async with asyncio.timeout(seconds):
            await adapter.stop()
    except TimeoutError:
        log.warning("adapter_hangs", place=place)
    except Exception:  # a stop goes on, whatever one adapter does
        log.exception("adapter_stop_failed", place=place)
