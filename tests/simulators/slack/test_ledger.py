"""What was accepted is on disk before it is answered, and outlives the simulator."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import SlackSimulator, read_ledger
from tests.simulators.slack.desk import Desk
from tests.simulators.slack.ear import Body


@asynccontextmanager
async def _process(ledger: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, Body]]:
    """The simulator as its own process, and what it says of itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bridge.simulators.slack",
        "--ledger", str(ledger), "--limits", "off",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    said = json.loads(await process.stdout.readline())
    try:
        yield process, said
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def test_every_answered_post_is_in_the_ledger_of_a_killed_simulator(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    answered: list[str] = []

    async with _process(ledger) as (process, said):
        client = AsyncWebClient(said["apps"][0]["bot_token"], base_url=said["api_url"])
        room = (await client.conversations_create(name="support"))["channel"]["id"]

        async def post(n: int) -> None:
            posted = await client.chat_postMessage(channel=room, text=str(n))
            answered.append(posted["ts"])

        await asyncio.gather(*(post(n) for n in range(40)))
        process.send_signal(signal.SIGKILL)
        await process.wait()

    posts = [one for one in read_ledger(ledger) if one["what"] == "chat.postMessage"]
    assert {json.loads(json.dumps(one))["result"]["ts"] for one in posts} == set(answered)
    assert len(answered) == 40


async def test_entries_are_numbered_in_the_order_of_the_writes(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk, tmp_path: Path
) -> None:
    await asyncio.gather(
        *(client.chat_postMessage(channel=desk.support.id, text=str(n)) for n in range(20))
    )
    await desk.ana.says(desk.support, "and I")

    entries = read_ledger(tmp_path / "ledger.jsonl")

    assert entries == slack.ledger.entries
    assert [one["n"] for one in entries] == list(range(1, 22))
    assert entries[-1]["what"] == "person.says"


async def test_what_was_refused_is_not_in_it(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    try:
        await client.chat_postMessage(channel="C0NOBODY", text="x")
    except SlackApiError:
        await client.auth_test()

    assert slack.ledger.entries == []


def test_a_line_torn_by_a_kill_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_text('{"n":1,"what":"x"}\n{"n":2,"wh')

    assert read_ledger(path) == [{"n": 1, "what": "x"}]
