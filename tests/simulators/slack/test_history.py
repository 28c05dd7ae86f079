"""Reading back: pages, stretches of time, and what is in them."""

from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import SlackSimulator
from tests.simulators.slack.desk import Desk


async def _thread(client: AsyncWebClient, desk: Desk, replies: int) -> list[str]:
    """Timestamps of a root and its replies."""
    root = (await client.chat_postMessage(channel=desk.support.id, text="root"))["ts"]
    stamps = [root]
    for n in range(replies):
        posted = await client.chat_postMessage(channel=desk.support.id, thread_ts=root, text=str(n))
        stamps.append(posted["ts"])
    return stamps


async def test_replies_come_in_pages_oldest_first_with_the_root_on_each(
    client: AsyncWebClient, desk: Desk
) -> None:
    stamps = await _thread(client, desk, 7)

    pages = [
        [one["ts"] for one in page["messages"]]
        async for page in await client.conversations_replies(
            channel=desk.support.id, ts=stamps[0], limit=4
        )
    ]

    assert [page[0] for page in pages] == [stamps[0]] * 3
    assert [ts for page in pages for ts in page[1:]] == stamps[1:]


async def test_replies_since_a_time_still_begin_with_the_root(
    client: AsyncWebClient, desk: Desk
) -> None:
    stamps = await _thread(client, desk, 4)

    page = await client.conversations_replies(
        channel=desk.support.id, ts=stamps[0], oldest=stamps[2]
    )

    assert [one["ts"] for one in page["messages"]] == [stamps[0], *stamps[3:]]


async def test_the_bounds_are_outside_unless_inclusive(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    slack.turn(root_always_in_replies=False)
    stamps = await _thread(client, desk, 4)
    root, oldest, latest = stamps[0], stamps[1], stamps[3]

    outside = await client.conversations_replies(
        channel=desk.support.id, ts=root, oldest=oldest, latest=latest
    )
    inside = await client.conversations_replies(
        channel=desk.support.id, ts=root, oldest=oldest, latest=latest, inclusive=True
    )

    assert [one["ts"] for one in outside["messages"]] == stamps[2:3]
    assert [one["ts"] for one in inside["messages"]] == stamps[1:4]


async def test_history_is_newest_first_without_the_replies(
    client: AsyncWebClient, desk: Desk
) -> None:
    stamps = await _thread(client, desk, 2)
    posted = [await client.chat_postMessage(channel="support", text=str(n)) for n in range(4)]
    roots = [stamps[0], *(one["ts"] for one in posted)]
    seen: list[str] = []

    async for page in await client.conversations_history(channel=desk.support.id, limit=2):
        seen += [one["ts"] for one in page["messages"]]

    assert seen == roots[::-1]


async def test_metadata_is_given_only_to_who_asks(client: AsyncWebClient, desk: Desk) -> None:
    metadata = {"event_type": "line", "event_payload": {"delivery_id": "d1"}}
    await client.chat_postMessage(channel="support", text="x", metadata=metadata)

    without = await client.conversations_history(channel=desk.support.id)
    asked = await client.conversations_history(channel=desk.support.id, include_all_metadata=True)

    assert "metadata" not in without["messages"][0]
    assert asked["messages"][0]["metadata"] == metadata


async def test_a_root_counts_its_replies(client: AsyncWebClient, desk: Desk) -> None:
    stamps = await _thread(client, desk, 3)
    page = await client.conversations_history(channel=desk.support.id)

    root = page["messages"][0]

    assert (root["reply_count"], root["latest_reply"]) == (3, stamps[-1])
    assert root["thread_ts"] == stamps[0]


async def test_an_ephemeral_is_never_read_back(client: AsyncWebClient, desk: Desk) -> None:
    await client.chat_postEphemeral(channel=desk.support.id, user=desk.ana.id, text="psst")

    page = await client.conversations_history(channel=desk.support.id)

    assert page["messages"] == []


async def test_two_channels_may_share_a_timestamp() -> None:
    frozen = SlackSimulator(now=lambda: 1_700_000_000.0)
    ana = frozen.hire("Ana")
    rooms = [frozen.channel(name, ana) for name in ("a", "b")]

    stamps = [(await ana.says(room, "x")).ts for room in rooms]

    assert stamps[0] == stamps[1]
