"""What customers number arrives in its order, though the workspace takes no tenth post at once."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from bridge.domain.ids import RoomRef, WorkspaceId, WorkspaceUserId
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.simulator import GraphSimulator
from bridge.simulators.slack import Fault, Limits, Message, SlackSimulator
from tests.integration.channels.whatsapp_desk import WHATSAPP, hire, open_app
from tests.patience import PATIENCE

_LINES = 20
_POST = "chat.postMessage"
_LINE = re.compile(r"\b(c\d{3})-(\d\d)\b")
_SLACK = """
[workspaces.slack]
kind = "slack"
mode = "socket"
bot_token = "{app.bot_token}"
app_token = "{app.app_token}"
signing_secret = "{app.signing_secret}"
api_url = "{url}"
posts_per_channel = 50
posts_per_minute = 10000
"""


@pytest.mark.parametrize("customers", [5, pytest.param(100, marks=pytest.mark.long)])
async def test_twenty_lines_of_everybody_arrive_in_order_through_429s(
    tmp_path: Path, customers: int
) -> None:
    async with (
        GraphSimulator.running() as graph,
        SlackSimulator.running(limits=Limits.off()) as slack,
    ):
        number, app = graph.number(), slack.install("Deskbridge")
        ana = slack.hire("Ana")
        room = slack.channel("support", ana, app, kind="private")
        settings = WHATSAPP.format(number=number, url=graph.url)
        settings += _SLACK.format(app=app, url=slack.api_url)
        async with open_app(tmp_path, settings) as desk:
            graph.change_number(number, webhook=f"{desk.url}/whatsapp/wa/events")
            await hire(desk, WorkspaceId("slack"), WorkspaceUserId(ana.id), RoomRef(room.id))
            people = [graph.customer(number, f"55119{n:08}", f"c{n:03}") for n in range(customers)]
            for person in people:
                await person.writes("Oi")
            await slack.until(lambda: len(_threads(slack)) == customers, 10 * PATIENCE)
            begun = len(slack.ledger.entries)
            _refuse_every_tenth(slack, customers)

            await asyncio.gather(*map(_count, people))
            wanted = {one.customer.name: list(range(_LINES)) for one in people}
            await slack.until(lambda: _is_there(slack, wanted), 10 * PATIENCE)

        assert _shown(slack) == wanted
        posts = [one for one in slack.ledger.entries[begun:] if one["what"] == _POST]
        # A post may carry several lines of one customer: that is how the desk catches up.
        assert slack.faults.happened["rate_limited"] >= len(posts) // 10


def _refuse_every_tenth(slack: SlackSimulator, customers: int) -> None:
    """429 for every tenth post: as often as there can be one."""
    for tenth in range(1, customers * _LINES):
        slack.fault(Fault(method=_POST, kind="rate_limited", nth=10 * tenth, retry_after=0))


async def _count(person: Person) -> None:
    for number in range(_LINES):
        await person.writes(f"{person.customer.name}-{number:02}")


def _is_there(slack: SlackSimulator, wanted: Mapping[str, list[int]]) -> bool:
    shown = _shown(slack)
    return all(len(shown[name]) >= len(lines) for name, lines in wanted.items())


def _threads(slack: SlackSimulator) -> list[list[Message]]:
    """Those that have begun: what opened them stands there."""
    roots = (one for one in slack.messages("support") if one.thread_ts in (None, one.ts))
    threads = (slack.thread(root)[1:] for root in roots)
    return [lines for lines in threads if any("Oi" in _text(line) for line in lines)]


def _shown(slack: SlackSimulator) -> dict[str, list[int]]:
    """The numbers of everybody's lines as they stand in his thread."""
    shown: dict[str, list[int]] = defaultdict(list)
    for lines in _threads(slack):
        for name, number in (each for line in lines for each in _LINE.findall(_text(line))):
            shown[name].append(int(number))
    return shown


def _text(message: Message) -> str:
    """What is written there, once: the plain text repeats the blocks."""
    return message.text or json.dumps(message.blocks)
