"""Killed between Discord's event and the customer, the desk loses and doubles no agent's reply."""

import asyncio
import json
import random
import re
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from bridge.demo.discord.reading import said
from bridge.settings import FILE_NAME
from bridge.simulators.discord import Channel, DiscordSimulator, GaveUpWaiting, Person, Timing
from tests.crash.chat_desk import TEAM
from tests.crash.desk import SECRET
from tests.crash.people import Customer
from tests.crash.test_kills import Desk, browser, wrong
from tests.patience import PATIENCE
from tests.ports import kept_port

pytestmark = [pytest.mark.crash, pytest.mark.timeout(1800)]

_CUSTOMERS = 3
_REPLIES = 3
_OPENED_WITHIN = 8 * PATIENCE
"""Two hundred posts are opened one after the other."""
_LINE = re.compile(r"(?<!r-)\bc\d+-\d{4}\b")
_SETTINGS = """
[desk]
data_dir = "data"

[channels.web]
kind = "webchat"
origins = ["*"]
identity_secret = "{secret}"

[channels.web.limits]
visitor_per_second = 0
network_per_second = 0
total_per_second = 0
new_visitors_per_second = 0

[workspaces.discord]
kind = "discord"
bot_token = "{token}"
guild = "{guild}"
api_url = "{api}"
gateway_url = "{gateway}"
calls_per_second = 10000
calls_of_a_kind = 10000
threads_in_room = 10000
card_edit_seconds = 0.5
"""


class DiscordDesk(Desk):
    """A desk whose agents are in Discord."""

    module = "tests.crash.chat_desk"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A desk on a Discord that outlives it, and Ana who answers there."""

    discord: DiscordSimulator
    desk: Desk
    ana: Person

    async def begun(self, customers: Sequence[Customer]) -> "list[Talk]":
        """Everybody has written once, and Ana is in control of everybody's post."""
        await asyncio.gather(*(ask(customer) for customer in customers))
        found: dict[str, Channel] = {}

        def look() -> bool:
            for thread in self.discord.threads("support"):
                name = thread.name.partition(" ·")[0]
                if name not in found and "With Ana" in said(self.discord.messages(thread)[0]):
                    found[name] = thread
            return len(found) == len(customers)

        await self.discord.until(look, _OPENED_WITHIN)
        return [Talk(customer=one, thread=found[one.name]) for one in customers]


@dataclass
class Talk:
    """A customer in his chat, and the post in which he is answered."""

    customer: Customer
    thread: Channel
    replies: list[str] = field(default_factory=list)

    async def reply(self, agent: Person) -> None:
        """One more, whether the desk lives or not: Discord has it."""
        line = f"r-{self.customer.name}-{len(self.replies) + 1:04}"
        await agent.says(self.thread, line)
        self.replies.append(line)

    async def answer(self, agent: Person, stop: asyncio.Event) -> None:
        """Reply after reply."""
        while not stop.is_set():
            await self.reply(agent)
            await asyncio.sleep(0.2)

    async def go_on_asking(self, stop: asyncio.Event) -> None:
        """A line now and then."""
        while not stop.is_set():
            await ask(self.customer)
            await asyncio.sleep(0.5)

    def mirrored(self, discord: DiscordSimulator) -> list[str]:
        """The customer's lines in the thread, as they stand there."""
        return list(self._mirrored(discord))

    def _mirrored(self, discord: DiscordSimulator) -> Iterator[str]:
        for message in discord.messages(self.thread)[1:]:
            if discord.world.users[message.author_id].bot:
                yield from _LINE.findall(said(message))


async def ask(customer: Customer) -> None:
    """One more line, sent again until it is taken."""
    once = asyncio.Event()
    once.set()
    await customer.write(once)


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    """A desk on a Discord with one forum."""
    with kept_port() as port:
        timing = Timing(answer_within=PATIENCE)
        async with DiscordSimulator.running(timing=timing, ledger=folder / "ledger") as discord:
            guild, app = discord.guild("Acme", owner="olga"), discord.application()
            discord.invite(app, guild)
            ana = discord.person("ana", guild)
            forum = discord.forum(guild, "support")
            desk = DiscordDesk(folder, port)
            settings = _SETTINGS.format(
                secret=SECRET,
                token=app.token,
                guild=guild.id,
                api=discord.api_url,
                gateway=discord.gateway_url,
            )
            path = folder / FILE_NAME
            path.touch(mode=0o600)
            path.write_text(settings, "utf-8")
            who = {"workspace": "discord", "room": forum.id, "ana": ana.id}
            (folder / TEAM).write_text(json.dumps(who), "utf-8")
            await desk.start()
            try:
                yield Scene(discord=discord, desk=desk, ana=ana)
            finally:
                await desk.end(signal.SIGKILL)


@pytest.mark.long
async def test_no_reply_from_discord_is_lost_doubled_or_reordered(
    tmp_path: Path, kills: int
) -> None:
    chance = random.Random(20_261_124)
    async with scene(tmp_path) as at, browser() as shop:
        talks = await at.begun([Customer(f"c{n}", shop, _chat(at)) for n in range(_CUSTOMERS)])
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as people:
            ears = [people.create_task(talk.customer.listen()) for talk in talks]
            busy = [people.create_task(talk.answer(at.ana, stop)) for talk in talks]
            busy += [people.create_task(talk.go_on_asking(stop)) for talk in talks]

            for _ in range(kills):
                await asyncio.sleep(chance.uniform(0.05, 1.5))
                await at.desk.end(signal.SIGKILL)
                await asyncio.sleep(chance.uniform(0.0, 2.0))
                await at.desk.start()
            await asyncio.sleep(0.5)
            stop.set()
            async with asyncio.timeout(4 * PATIENCE):
                await asyncio.gather(*busy)
            await _calm(talks, at.discord)
            for ear in ears:
                ear.cancel()

        # A live line waits for those that are read back, but no longer than ten seconds.
        late = "late_lines" in (tmp_path / "desk.log").read_text("utf-8")
        for talk in talks:
            heard = sorted(talk.customer.heard) if late else talk.customer.heard
            assert wrong(talk.replies, heard) == ""
            assert wrong(talk.customer.taken, talk.mirrored(at.discord)) == ""


@pytest.mark.parametrize(
    "threads", [pytest.param(5, id="5"), pytest.param(200, id="200", marks=pytest.mark.long)]
)
async def test_replies_written_during_a_restart_arrive_once_and_in_order(
    tmp_path: Path, threads: int
) -> None:
    # Everybody keeps his chat open at once.
    timeout, every = aiohttp.ClientTimeout(total=PATIENCE), aiohttp.TCPConnector(limit=0)
    shop = aiohttp.ClientSession(connector=every, timeout=timeout)
    async with scene(tmp_path) as at, shop:
        customers = [Customer(f"c{n}", shop, _chat(at)) for n in range(threads)]
        talks = await at.begun(customers)
        await at.desk.end(signal.SIGKILL)

        for _ in range(_REPLIES):
            for talk in talks:
                await talk.reply(at.ana)
        await at.desk.start()

        async with asyncio.TaskGroup() as people:
            ears = [people.create_task(talk.customer.listen()) for talk in talks]
            await _calm(talks, at.discord)
            for ear in ears:
                ear.cancel()

        assert [wrong(talk.replies, talk.customer.heard) for talk in talks] == [""] * threads


def _chat(at: Scene) -> str:
    return f"{at.desk.url}/chat/web"


async def _calm(talks: Sequence[Talk], discord: DiscordSimulator) -> None:
    """Until both sides have as much as was said, for as long as that may take."""
    with suppress(GaveUpWaiting):
        await discord.until(lambda: _seen(talks, discord) >= _said(talks) or None, 6 * PATIENCE)


def _said(talks: Sequence[Talk]) -> int:
    return sum(len(talk.replies) + len(talk.customer.taken) for talk in talks)


def _seen(talks: Sequence[Talk], discord: DiscordSimulator) -> int:
    return sum(len(talk.customer.heard) + len(talk.mirrored(discord)) for talk in talks)
