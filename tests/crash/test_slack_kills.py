"""Killed between Slack's event and the customer, the desk loses and doubles no agent's reply."""

import asyncio
import json
import random
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import pytest

from bridge.settings import FILE_NAME
from bridge.simulators.slack import GaveUpWaiting, Message, Person, SlackSimulator, Timing
from tests.crash.chat_desk import TEAM
from tests.crash.desk import SECRET
from tests.crash.people import Customer
from tests.crash.test_kills import Desk, browser, wrong
from tests.patience import PATIENCE
from tests.ports import kept_port

pytestmark = [pytest.mark.crash, pytest.mark.timeout(1800)]

Mode = Literal["socket", "http"]

_CUSTOMERS = 3
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

[workspaces.slack]
kind = "slack"
mode = "{mode}"
bot_token = "{bot}"
app_token = "{app}"
signing_secret = "{signing}"
api_url = "{api}"
posts_per_channel = 50
posts_per_minute = 10000
"""


class SlackDesk(Desk):
    """A desk whose agents are in Slack."""

    module = "tests.crash.chat_desk"


@dataclass
class Talk:
    """A customer in his chat, and the thread in which he is answered."""

    customer: Customer
    root: Message | None = None
    replies: list[str] = field(default_factory=list)

    async def ask(self) -> None:
        """One more line, sent again until it is taken."""
        once = asyncio.Event()
        once.set()
        await self.customer.write(once)

    async def answer(self, agent: Person, stop: asyncio.Event) -> None:
        """Reply after reply, whether the desk lives or not: Slack has them."""
        assert self.root is not None
        while not stop.is_set():
            line = f"r-{self.customer.name}-{len(self.replies) + 1:04}"
            await agent.replies(self.root, line)
            self.replies.append(line)
            await asyncio.sleep(0.2)

    async def go_on_asking(self, stop: asyncio.Event) -> None:
        """A line now and then."""
        while not stop.is_set():
            await self.ask()
            await asyncio.sleep(0.5)

    def mirrored(self, slack: SlackSimulator) -> list[str]:
        """The customer's lines in the thread, as they stand there."""
        assert self.root is not None
        lines = (message.text for message in slack.thread(self.root)[1:] if message.bot_id)
        return [line for text in lines for line in _LINE.findall(text)]


@asynccontextmanager
async def team(folder: Path, mode: Mode) -> AsyncIterator[tuple[SlackSimulator, Desk, Person]]:
    """A desk on a Slack that outlives it."""
    # What fails is sent again soon, and much later; most of it must have been read back by then.
    timing = Timing(retry_after=(0.0, 1.5, 60.0))
    with kept_port() as port:
        async with SlackSimulator.running(timing=timing, ledger=folder / "ledger") as slack:
            app = slack.install("Deskbridge")
            ana = slack.hire("Ana")
            room = slack.channel("support", ana, app, kind="private")
            desk = SlackDesk(folder, port)
            if mode == "http":
                slack.point(app, f"{desk.url}/slack/slack/events")
            settings = _SETTINGS.format(
                secret=SECRET,
                mode=mode,
                bot=app.bot_token,
                app=app.app_token,
                signing=app.signing_secret,
                api=slack.api_url,
            )
            path = folder / FILE_NAME
            path.touch(mode=0o600)
            path.write_text(settings, "utf-8")
            who = {"workspace": "slack", "room": room.id, "ana": ana.id}
            (folder / TEAM).write_text(json.dumps(who), "utf-8")
            await desk.start()
            try:
                yield slack, desk, ana
            finally:
                await desk.end(signal.SIGKILL)


def root_of(slack: SlackSimulator, customer: str) -> Message | None:
    """The thread of a customer, once he has one: his name stands alone in the card."""
    roots = (one for one in slack.messages("support") if one.thread_ts in (None, one.ts))
    return next((root for root in roots if f'"{customer}"' in json.dumps(root.blocks)), None)


@pytest.mark.long
@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_no_reply_from_slack_is_lost_doubled_or_reordered(
    tmp_path: Path, kills: int, mode: Mode
) -> None:
    chance = random.Random(20_261_123)
    async with team(tmp_path, mode) as (slack, desk, ana), browser() as shop:
        talks = [Talk(Customer(f"c{n}", shop, f"{desk.url}/chat/web")) for n in range(_CUSTOMERS)]
        for talk in talks:
            await talk.ask()
            talk.root = await slack.until(partial(root_of, slack, talk.customer.name), PATIENCE)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as people:
            ears = [people.create_task(talk.customer.listen()) for talk in talks]
            busy = [people.create_task(talk.answer(ana, stop)) for talk in talks]
            busy += [people.create_task(talk.go_on_asking(stop)) for talk in talks]

            for _ in range(kills):
                await asyncio.sleep(chance.uniform(0.05, 1.5))
                await desk.end(signal.SIGKILL)
                await asyncio.sleep(chance.uniform(0.0, 2.0))
                await desk.start()
            await asyncio.sleep(0.5)
            stop.set()
            async with asyncio.timeout(4 * PATIENCE):
                await asyncio.gather(*busy)
            await _calm(talks, slack)
            for ear in ears:
                ear.cancel()

        order = sorted if _came_late(slack, tmp_path / "desk.log") else list
        for talk in talks:
            assert wrong(talk.replies, order(talk.customer.heard)) == ""
            assert wrong(talk.customer.taken, talk.mirrored(slack)) == ""


def _came_late(slack: SlackSimulator, log: Path) -> bool:
    """On a very busy machine Slack brings a line a minute late, or the older ones come behind.

    A live line waits for them, but no longer than ten seconds.
    """
    last = any(one.ok and one.attempt > 2 for one in slack.office.deliveries)
    return last or "late_lines" in log.read_text("utf-8")


async def _calm(talks: list[Talk], slack: SlackSimulator) -> None:
    """Until both sides have as much as was said, for as long as that may take."""
    with suppress(GaveUpWaiting):
        await slack.until(lambda: _seen(talks, slack) >= _said(talks) or None, 4 * PATIENCE)


def _said(talks: list[Talk]) -> int:
    return sum(len(talk.replies) + len(talk.customer.taken) for talk in talks)


def _seen(talks: list[Talk], slack: SlackSimulator) -> int:
    return sum(len(talk.customer.heard) + len(talk.mirrored(slack)) for talk in talks)
