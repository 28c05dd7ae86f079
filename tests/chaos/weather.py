"""What befalls the town without anybody being killed: its platforms and its network misbehave."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from bridge.simulators.common.faults import EventFault, EventFaultKind
from bridge.simulators.discord import Fault as DiscordFault
from bridge.simulators.graph.faults import Fault as GraphFault
from bridge.simulators.slack import Fault as SlackFault
from bridge.simulators.telegram.faults import Fault as TelegramFault
from tests.chaos.proxy import Flow, Proxy, Weather
from tests.crash.town.desk import WallClock
from tests.crash.town.town import Town, town

_POST = "POST /channels/{channel_id}/messages"
_PAUSE = 1.0
_LOCKED = ("workspaces.slack", "workspaces.discord", "channels.telegram", "channels.shop")
_NOTICED_WITHIN = 150.0
"""Seconds; 90 where the machine has time."""


@dataclass(kw_only=True)
class Sky:
    """A town with a proxy before each of its servers."""

    town: Town
    proxies: dict[str, Proxy] = field(default_factory=dict)

    def everywhere(self, weather: Weather) -> None:
        """The same for every connection."""
        for proxy in self.proxies.values():
            proxy.weather = weather

    async def clears_up(self) -> None:
        """Good weather; what was swallowed is not waited for."""
        for proxy in self.proxies.values():
            proxy.clears_up()
            await proxy.reset()


@asynccontextmanager
async def under_the_sky(folder: Path) -> AsyncIterator[Sky]:
    """A town under load whose every connection leads through a proxy."""
    async with AsyncExitStack() as open_:
        proxies: dict[str, Proxy] = {}

        async def through(name: str, address: str) -> str:
            parts = urlsplit(address)
            before = Proxy.before(parts.hostname or "", parts.port or 0)
            proxies[name] = await open_.enter_async_context(before)
            host, port = proxies[name].address
            return f"http://{host}:{port}"

        here = await open_.enter_async_context(town(folder, through))
        await here.begin()
        yield Sky(town=here, proxies=proxies)


# --- platforms ----------------------------------------------------------------------------------


async def refuse(sky: Sky) -> None:
    """429 with a time, 500 and 503: nothing was done, and everybody says so in his own way."""
    around = sky.town.around
    for times in (1, 2):
        around.slack.fault(
            SlackFault(method="chat.postMessage", kind="rate_limited", times=times, retry_after=1)
        )
        around.discord.fault(
            DiscordFault(route=_POST, kind="rate_limited", times=times, retry_after=0.5)
        )
        around.graph.fault(
            GraphFault(route="POST messages", kind="error", code=130429, times=times)
        )
        limit = "Too Many Requests: retry after 1"
        around.telegram.faults.add(
            TelegramFault(
                method="sendMessage", kind="error", status=429, details=limit, retry_after=1
            )
        )
        around.shop.faults.extend([(503, {}), (429, {})])
        await asyncio.sleep(_PAUSE)
    for status in (500, 503):
        around.slack.fault(SlackFault(method="chat.postMessage", kind="status", status=status))
        around.discord.fault(DiscordFault(route=_POST, kind="status", status=status))
        around.graph.fault(GraphFault(route="POST messages", kind="status", status=status))
        around.telegram.faults.add(
            TelegramFault(method="sendMessage", kind="status", status=status)
        )
        await asyncio.sleep(_PAUSE)


async def take_and_say_nothing(sky: Sky) -> None:
    """The line is there, the answer is not: broken off behind it, or broken in the middle."""
    around = sky.town.around
    for _ in range(2):
        around.slack.fault(SlackFault(method="chat.postMessage", kind="drop", accepted=True))
        around.discord.fault(DiscordFault(route=_POST, kind="drop", accepted=True))
        around.graph.fault(GraphFault(route="POST messages", kind="drop", accepted=True))
        around.telegram.faults.add(TelegramFault(method="sendMessage", kind="drop", accepted=True))
        around.shop.forgetful = True
        await asyncio.sleep(_PAUSE)
        around.shop.forgetful = False
    around.slack.fault(SlackFault(method="chat.postMessage", kind="half_body"))
    around.discord.fault(DiscordFault(route=_POST, kind="half_body"))
    await asyncio.sleep(_PAUSE)


async def break_off_before(sky: Sky) -> None:
    """Nothing was done and nobody says so: it looks as if it might have been."""
    around = sky.town.around
    around.slack.fault(SlackFault(method="chat.postMessage", kind="drop"))
    around.discord.fault(DiscordFault(route=_POST, kind="drop"))
    around.graph.fault(GraphFault(route="POST messages", kind="drop"))
    around.telegram.faults.add(TelegramFault(method="sendMessage", kind="drop"))
    await asyncio.sleep(_PAUSE)


async def tell_twice_late_and_out_of_order(sky: Sky) -> None:
    """Events and webhooks come doubled, swapped and held back."""
    around = sky.town.around
    for fault in _event_faults(("duplicate", "swap", "delay")):
        around.slack.fault(fault)
        around.discord.fault(fault)
        around.graph.fault(fault)
        if fault.kind == "duplicate":  # who writes there does not wait for what is held back
            around.telegram.faults.add(fault)
        await asyncio.sleep(_PAUSE)


def _event_faults(kinds: tuple[EventFaultKind, ...]) -> Iterator[EventFault]:
    for kind in kinds:
        yield EventFault(kind=kind, times=3, copies=2, seconds=0.5)


async def show_late(sky: Sky) -> None:
    """Histories lag behind, just when lines in doubt are looked for there."""
    slack, discord = sky.town.around.slack, sky.town.around.discord
    slack.turn(history_lag=1.5)
    discord.turn(replace(discord.world.quirks, history_lag=1.5))
    for _ in range(2):
        slack.fault(SlackFault(method="chat.postMessage", kind="drop", accepted=True))
        discord.fault(DiscordFault(route=_POST, kind="drop", accepted=True))
        await asyncio.sleep(_PAUSE)
    await asyncio.sleep(2 * _PAUSE)
    slack.turn(history_lag=0.0)
    discord.turn(replace(discord.world.quirks, history_lag=0.0))


async def never_answer(sky: Sky) -> None:
    """Calls hang for as long as we wait, some of them with their effect and some without."""
    around = sky.town.around
    for accepted in (True, False):
        around.slack.fault(SlackFault(method="chat.postMessage", kind="hang", accepted=accepted))
        around.discord.fault(DiscordFault(route=_POST, kind="hang", accepted=accepted))
        around.graph.fault(GraphFault(route="POST messages", kind="hang", accepted=accepted))
        hang = TelegramFault(method="sendMessage", kind="hang", accepted=accepted)
        around.telegram.faults.add(hang)
        await asyncio.sleep(_PAUSE)


async def go_deaf(sky: Sky) -> None:
    """The sockets of both workspaces answer pings and bring nothing any more, until we notice."""
    around, log = sky.town.around, sky.town.desk.log
    around.slack.sockets(next(iter(around.slack.world.apps.values()))).silence()
    around.discord.hub.silence(next(iter(around.discord.world.apps.values())))
    async with asyncio.timeout(_NOTICED_WITHIN):
        await _said(log, "socket_deaf", "gateway_deaf")


async def _said(log: Path, *words: str) -> None:
    while True:
        said = await asyncio.to_thread(log.read_text, "utf-8", "replace")
        if all(word in said for word in words):
            return
        await asyncio.sleep(_PAUSE)


async def set_the_clock(sky: Sky) -> None:
    """Somebody sets the machine's clock: an hour ahead, two back, a month ahead, right again."""
    clock = WallClock(sky.town.desk.folder)
    for hours in (1, -1, 24 * 30, 0):
        clock.sets(hours * 3_600)
        await asyncio.sleep(1.5 * _PAUSE)


async def forget_our_token(sky: Sky) -> None:
    """The token is not taken in the middle of a burst, and then it is again."""
    around = sky.town.around
    number = around.graph.change_number(around.number, token_ends=1)
    await asyncio.sleep(3 * _PAUSE)
    around.graph.change_number(number, token_ends=0)


async def lock_us_out(sky: Sky) -> None:
    """Nobody but Graph takes what proves who we are, in the middle of a burst; then all do again.

    Slack has more than one word for it, and a connected platform more than one status.
    """
    around, log = sky.town.around, sky.town.desk.log
    rounds = (("token_expired", 401), ("invalid_auth", 403), ("token_revoked", 401))
    for number, (word, status) in enumerate(rounds, 1):
        around.slack.fault(SlackFault(method="*", kind="error", error=word, times=None))
        said = "401: Unauthorized"
        around.discord.fault(
            DiscordFault(route="*", kind="error", status=401, message=said, times=None)
        )
        around.telegram.faults.add(
            TelegramFault(method="*", kind="error", status=401, details="Unauthorized", times=None)
        )
        around.shop.refuses = status
        await _told_of(log, "place_refuses_us", number)
        await asyncio.sleep(3 * _PAUSE)
        around.shop.refuses = 0
        for programme in (around.slack.faults, around.discord.faults, around.telegram.faults):
            programme.clear()
        await _told_of(log, "place_takes_us_again", number)


async def _told_of(log: Path, event: str, times: int) -> None:
    """Wait until the desk has said this so often of everybody who locks us out; not more often."""
    counted: list[int] = []
    async with asyncio.timeout(_NOTICED_WITHIN):
        while not counted or min(counted) < times:
            await asyncio.sleep(_PAUSE)
            said = (await asyncio.to_thread(log.read_text, "utf-8", "replace")).splitlines()
            found = [line for line in said if event in line]
            counted = [sum(name in line for line in found) for name in _LOCKED]
    assert counted == [times] * len(_LOCKED), (event, dict(zip(_LOCKED, counted, strict=True)))


# --- the network --------------------------------------------------------------------------------


async def break_every_connection(sky: Sky) -> None:
    """Reset, three times, wherever everybody is just then."""
    for _ in range(3):
        await asyncio.gather(*(proxy.reset() for proxy in sky.proxies.values()))
        await asyncio.sleep(_PAUSE)


async def slow_down(sky: Sky) -> None:
    """A long and narrow line."""
    sky.everywhere(Weather(latency=0.15, bandwidth=200_000))
    await asyncio.sleep(4 * _PAUSE)
    sky.everywhere(Weather())


async def refuse_connections(sky: Sky) -> None:
    """Nobody can be reached for a while."""
    sky.everywhere(Weather(refuses=True))
    for proxy in sky.proxies.values():
        await proxy.reset()
    await asyncio.sleep(2 * _PAUSE)
    sky.everywhere(Weather())


async def swallow_everything(sky: Sky) -> None:
    """A black hole: what is sent is gone, and no connection breaks, until all of them do."""
    sky.everywhere(Weather(silent=frozenset(Flow)))
    await asyncio.sleep(5 * _PAUSE)
    await sky.clears_up()


async def swallow_answers(sky: Sky) -> None:
    """Half-open: platforms hear us and we do not hear them."""
    sky.everywhere(Weather(silent=frozenset({Flow.DOWN})))
    await asyncio.sleep(5 * _PAUSE)
    await sky.clears_up()


Change = Callable[[Sky], Awaitable[None]]
EVERY_DAY: tuple[Change, ...] = (
    refuse,
    take_and_say_nothing,
    break_off_before,
    tell_twice_late_and_out_of_order,
    break_every_connection,
    set_the_clock,
)
RARE: tuple[Change, ...] = (
    show_late,
    never_answer,
    go_deaf,
    forget_our_token,
    lock_us_out,
    slow_down,
    refuse_connections,
    swallow_everything,
    swallow_answers,
)
