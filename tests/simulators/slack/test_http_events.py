"""Events over HTTP: signed, tried again, and given up."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bridge.simulators.slack import App, Quirks, Shortcut, SlackSimulator, Timing
from bridge.simulators.slack.state.apps import Manifest
from tests.simulators.slack.desk import Desk
from tests.simulators.slack.ear import Ear

TIMING = Timing(ack_within=20.0, retry_after=(0.0, 0.01, 0.02))


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[SlackSimulator]:
    quirks = Quirks(thread_counts=False, disables_after=4)
    async with SlackSimulator.running(timing=TIMING, quirks=quirks) as slack:
        yield slack


@pytest.fixture
def app(slack: SlackSimulator) -> App:
    shortcut = Shortcut(callback_id="menu", kind="global")
    commands = {"/queues": False}
    return slack.install(Manifest(name="Desk", commands=commands, shortcuts=(shortcut,)))


async def test_every_request_is_signed_as_slack_signs(
    slack: SlackSimulator, app: App, ear: Ear, desk: Desk
) -> None:
    await desk.ana.says(desk.support, "olá ✓")
    await desk.ana.types(desk.support, "/queues sales & more")
    await desk.ana.uses_shortcut("menu")
    await slack.until(lambda: len(ear.heard) == 3)

    verifier = SignatureVerifier(app.signing_secret)

    for heard in ear.heard:
        assert verifier.is_valid_request(heard.raw, heard.headers)
        base = b"v0:" + heard.headers["X-Slack-Request-Timestamp"].encode() + b":" + heard.raw
        digest = hmac.new(app.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        assert heard.headers["X-Slack-Signature"] == f"v0={digest}"


async def test_a_failed_event_is_sent_three_times_again_with_its_reason(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    ear.answers.extend(web.Response(status=500) for _ in range(3))

    await desk.ana.says(desk.support, "hello")

    await slack.until(lambda: len(ear.heard) == 4)
    numbers = [one.headers.get("X-Slack-Retry-Num") for one in ear.heard]
    reasons = [one.headers.get("X-Slack-Retry-Reason") for one in ear.heard]
    assert numbers == [None, "1", "2", "3"]
    assert reasons == [None, "http_error", "http_error", "http_error"]
    assert len({one.body["event_id"] for one in ear.heard}) == 1


async def test_an_event_that_fails_every_time_is_lost(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    ear.answers.extend(web.Response(status=404) for _ in range(4))

    await desk.ana.says(desk.support, "hello")

    await slack.until(lambda: slack.office.lost)
    assert len(ear.heard) == 4


async def test_who_asks_for_no_retry_gets_none(slack: SlackSimulator, ear: Ear, desk: Desk) -> None:
    ear.answers.append(web.Response(status=500, headers={"X-Slack-No-Retry": "1"}))

    await desk.ana.says(desk.support, "hello")

    await slack.until(lambda: slack.office.lost)
    assert len(ear.heard) == 1


async def test_an_address_where_too_little_arrives_is_switched_off(
    slack: SlackSimulator, app: App, ear: Ear, desk: Desk
) -> None:
    ear.answers.extend(web.Response(status=500) for _ in range(4))
    await desk.ana.says(desk.support, "hello")
    await slack.until(lambda: slack.world.app(app.id).url_disabled)

    await desk.ana.says(desk.support, "anybody?")

    await slack.until(lambda: len(slack.office.lost) == 2)
    assert len(ear.heard) == 4


async def test_an_address_proves_itself_by_its_challenge(
    slack: SlackSimulator, app: App, ear: Ear
) -> None:
    here = await slack.office.verify_url(app)
    slack.point(app, ear.url + "/nowhere")
    nowhere = await slack.office.verify_url(slack.world.app(app.id))

    assert (here, nowhere) == (True, False)


async def test_a_command_that_fails_says_so_to_the_person_alone(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    ear.answers.append(web.Response(status=500))

    outcome = await desk.ana.types(desk.support, "/queues")

    assert not outcome.answered
    assert "dispatch_failed" in desk.ana.whispers()[0].text
    assert len(ear.heard) == 1


async def test_plain_text_answers_a_command(slack: SlackSimulator, ear: Ear, desk: Desk) -> None:
    ear.answers.append(web.Response(text="three waiting"))

    await desk.ana.types(desk.support, "/queues")

    assert [one.text for one in desk.ana.whispers()] == ["three waiting"]


async def test_beyond_the_hours_events_the_app_is_told_and_the_rest_dropped(
    slack: SlackSimulator, app: App, ear: Ear, desk: Desk
) -> None:
    slack.turn(events_per_hour=2)

    for n in range(4):
        await desk.ana.says(desk.support, str(n))

    limited = await slack.until(
        lambda: [one.body for one in ear.heard if one.body.get("type") == "app_rate_limited"]
    )
    await slack.until(lambda: len(ear.events("message")) == 2)
    assert limited[0]["api_app_id"] == app.id
    assert {one["text"] for one in ear.events("message")} == {"0", "1"}
