"""Of all processes of a desk one fetches, and another goes on when it is over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bridge.adapters.channels.telegram.adapter import Telegram
from bridge.ports.channel import MessageReceived
from bridge.ports.holding import Held, Holding, WhenLeading
from tests.adapters.telegram.rig import Rig, context_of, serve, settings_for
from tests.patience import until


class OneAtATime:
    """A name that one holds, and that can be taken from him."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self.held: list[Held] = []

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[Held]:
        async with self._lock:
            held = Held(epoch=len(self.held) + 1)
            self.held.append(held)
            yield held


async def test_only_one_process_fetches_and_the_next_one_takes_over(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        await rig.channel.stop()
        holding = OneAtATime()
        one, other = _process(rig, holding), _process(rig, holding)
        await one.start(rig.core)
        await until(lambda: rig.telegram.polls.waits(rig.bot.id))
        await other.start(rig.core)
        await rig.bia.writes("a")
        await rig.arrived(1)

        await one.stop()
        await rig.bia.writes("b")
        await rig.arrived(2)
        await other.stop()

        words = [event.content.words() for event in rig.core.of(MessageReceived)]
        assert words == ["a", "b"]
        assert [held.epoch for held in holding.held] == [1, 2]
        assert ("state", "trouble") not in rig.store.documents


async def test_whoever_loses_it_waits_and_fetches_again_later(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        await rig.channel.stop()
        holding = OneAtATime()
        channel = _process(rig, holding)
        await channel.start(rig.core)
        await until(lambda: holding.held)

        holding.held[0].lost.set()
        await until(lambda: len(holding.held) > 1)
        await rig.bia.writes("a")
        await rig.arrived(1)

        await channel.stop()


async def test_a_process_that_does_not_lead_fetches_nothing_until_it_does(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        await rig.channel.stop()
        names, leading = OneAtATime(), asyncio.Event()
        channel = _process(rig, WhenLeading(names, leading))
        await channel.start(rig.core)
        await rig.bia.writes("a")
        before = list(names.held)

        leading.set()
        await rig.arrived(1)

        await channel.stop()
        assert (before, len(names.held)) == ([], 1)


def _process(rig: Rig, holding: Holding) -> Telegram:
    """Another process of the same desk."""
    context = context_of(rig.store, rig.files, rig.clock, rig.http)
    settings = settings_for(rig.telegram, rig.bot)
    return Telegram(settings, replace(context, holding=holding))
