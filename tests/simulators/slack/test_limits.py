"""How many calls are let through, and what is said to the rest."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, Limits, SlackSimulator, Window
from bridge.simulators.slack.errors import TooMany
from bridge.simulators.slack.limits import Meter
from tests.simulators.slack.desk import Desk


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _posts(meter: Meter, channel: str = "C1", times: int = 1) -> int:
    """How many of so many posts are let through."""
    passed = 0
    for _ in range(times):
        try:
            meter.admit("chat.postMessage", tier=None, app="A", channel=channel)
            passed += 1
        except TooMany:
            pass
    return passed


def test_the_window_slides_and_a_refused_call_does_not_count() -> None:
    clock = Clock()
    meter = Meter(Limits(channel=Window(calls=2, seconds=1.0)), clock)

    at_once = _posts(meter, times=5)
    clock.now += 0.999
    too_early = _posts(meter)
    clock.now += 0.001
    in_time = _posts(meter, times=3)

    assert (at_once, too_early, in_time) == (2, 0, 2)
    assert len(meter.refusals) == 5


def test_each_channel_has_its_own_window_and_all_share_the_workspaces() -> None:
    limits = Limits(channel=Window(calls=1, seconds=1.0), team=Window(calls=3, seconds=60.0))
    meter = Meter(limits, Clock())

    passed = [_posts(meter, channel=f"C{n}") for n in range(5)]

    assert passed == [1, 1, 1, 0, 0]


def test_retry_after_is_whole_seconds_until_there_is_room() -> None:
    clock = Clock()
    meter = Meter(Limits(team=Window(calls=1, seconds=60.0)), clock)
    _posts(meter)
    clock.now += 12.3

    with pytest.raises(TooMany) as refused:
        meter.admit("chat.postMessage", tier=None, app="A", channel="C1")

    assert refused.value.retry_after == 48


def test_tiers_count_each_method_for_itself() -> None:
    meter = Meter(Limits(tiers=True), Clock())

    for _ in range(50):
        meter.admit("chat.update", tier=3, app="A", channel="C1")

    with pytest.raises(TooMany):
        meter.admit("chat.update", tier=3, app="A", channel="C2")
    meter.admit("chat.delete", tier=3, app="A", channel="C1")
    meter.admit("chat.update", tier=3, app="B", channel="C1")
    assert meter.accepted == {"chat.update": 51, "chat.delete": 1}


@pytest.fixture
async def slack() -> AsyncIterator[SlackSimulator]:
    limits = Limits(channel=Window(calls=1, seconds=3_600.0))
    async with SlackSimulator.running(limits=limits) as slack:
        yield slack


async def test_too_many_is_429_with_retry_after(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    await client.chat_postMessage(channel=desk.support.id, text="1")

    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="support", text="2")

    assert refused.value.response.status_code == 429
    assert 3_590 < int(refused.value.response.headers["Retry-After"]) <= 3_600
    assert refused.value.response["error"] == "ratelimited"
    assert len(slack.messages(desk.support)) == 1


async def test_limits_can_be_changed_and_switched_off(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    slack.limit(Limits.off())

    for n in range(5):
        await client.chat_postMessage(channel=desk.support.id, text=str(n))

    assert slack.meter.refusals == []


async def test_apps_sold_outside_the_store_read_fifteen_at_a_time_once_a_minute(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    root = await desk.ana.says(desk.support, "root")
    for n in range(20):
        await desk.bo.replies(root, str(n))
    slack.limit(Limits.commercial())

    page = await client.conversations_replies(channel=desk.support.id, ts=root.ts, limit=200)
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_replies(channel=desk.support.id, ts=root.ts)

    assert len(page["messages"]) == 15
    assert page["has_more"]
    assert refused.value.response.status_code == 429
