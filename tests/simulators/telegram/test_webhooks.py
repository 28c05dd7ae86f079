"""A webhook gets every update with the secret, each chat's in order, again until it is taken."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bridge.simulators.telegram import Quirks
from bridge.simulators.telegram.office import SECRET
from tests.simulators.telegram.scene import Json, Scene


class Ear:
    """An app that listens. `answers` are given in turn, then 200."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[int] = []
        self.heard: list[str] = []
        self.secrets: set[str] = set()

    async def hear(self, request: web.Request) -> web.Response:
        update: Json = await request.json()
        self.secrets.add(request.headers.get(SECRET, ""))
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.heard.append(update["message"]["text"])
        return web.Response(status=status)


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    ear = Ear()
    app = web.Application()
    app.router.add_post("/hook", ear.hear)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    ear.url = f"http://{host}:{port}/hook"
    yield ear
    await runner.cleanup()


async def test_updates_are_brought_with_the_secret(scene: Scene, ear: Ear) -> None:
    await scene.bia.writes("before")

    await scene.call("setWebhook", url=ear.url, secret_token="s3cret_-")
    await scene.bia.writes("after")
    await scene.sim.until(lambda: ear.heard == ["before", "after"])
    await scene.sim.settled()

    info = (await scene.call("getWebhookInfo"))["result"]
    assert ear.secrets == {"s3cret_-"}
    assert (info["url"], info["pending_update_count"]) == (ear.url, 0)


async def test_what_failed_is_brought_again_and_nothing_of_its_chat_before(
    scene: Scene, ear: Ear
) -> None:
    scene.sim.turn(Quirks(webhook_retries=(0.01, 0.01)))
    ear.answers = [500, 200, 503]

    await scene.call("setWebhook", url=ear.url)
    await scene.bia.writes("one")
    await scene.bia.writes("two")
    await scene.sim.until(lambda: ear.heard == ["one", "two"])
    await scene.sim.settled()

    info = (await scene.call("getWebhookInfo"))["result"]
    assert [one.status for one in scene.sim.office.brought] == [500, 200, 503, 200]
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 503 Service Unavailable"
    )


async def test_after_many_tries_an_update_is_given_up(scene: Scene, ear: Ear) -> None:
    scene.sim.turn(Quirks(webhook_retries=(0.01,)))
    ear.answers = [500, 500]

    await scene.call("setWebhook", url=ear.url)
    await scene.bia.writes("lost")
    await scene.bia.writes("found")
    await scene.sim.until(lambda: ear.heard == ["found"])

    assert len(scene.sim.office.lost) == 1


async def test_there_is_either_a_webhook_or_a_poll(scene: Scene, ear: Ear) -> None:
    await scene.call("setWebhook", url=ear.url)
    refused = await scene.call("getUpdates")
    await scene.call("deleteWebhook")
    taken = await scene.call("getUpdates")

    assert (refused["error_code"], taken["ok"]) == (409, True)


async def test_what_waits_can_be_dropped(scene: Scene) -> None:
    await scene.bia.writes("old")

    await scene.call("deleteWebhook", drop_pending_updates=True)

    assert await scene.updates() == []


@pytest.mark.parametrize(
    ("hook", "why"),
    [
        ({"url": "http://shop.example/hook"}, "An HTTPS URL must be provided"),
        ({"url": "ftp://shop.example"}, "invalid URL"),
        ({"url": "https://shop.example", "secret_token": "no spaces"}, "unallowed characters"),
    ],
)
async def test_a_bad_webhook_is_refused(scene: Scene, hook: Json, why: str) -> None:
    scene.sim.turn(Quirks(webhook_wants_https=True))

    said = await scene.call("setWebhook", **hook)

    assert said["error_code"] == 400
    assert why in said["description"]
