"""The simulated Telegram is steered by HTTP, and runs by itself."""

import asyncio
import json
import sys

from aiohttp import ClientSession

from tests.patience import PATIENCE
from tests.simulators.telegram.scene import PNG, Scene


async def test_it_is_steered_by_http(scene: Scene) -> None:
    base = f"{scene.sim.world.address}/sim/{scene.bot.id}/{scene.bia.id}"
    async with scene.http.post(f"{base}/writes", json={"text": "oi"}) as answer:
        line = await answer.json()
    button = {"text": "One", "callback_data": "1"}
    await scene.send(text="Which?", reply_markup={"inline_keyboard": [[button]]})
    async with scene.http.get(base) as answer:
        shown = await answer.json()
    asked = shown["lines"][-1]
    statuses = []
    for act, said in (
        ("presses", {"message": asked["id"], "label": "One"}),
        ("presses", {"message": asked["id"], "label": "Two"}),
        ("reacts", {"message": asked["id"], "emoji": "👍"}),
        ("edits", {"message": line["id"], "text": "olá"}),
        ("blocks", {}),
        ("dances", {}),
    ):
        async with scene.http.post(f"{base}/{act}", json=said) as answer:
            statuses.append(answer.status)
    async with scene.http.get(base) as answer:
        after = await answer.json()

    assert statuses == [200, 409, 200, 200, 200, 404]
    assert [one["text"] for one in shown["lines"]] == ["oi", "Which?"]
    assert (asked["from"], asked["choices"]) == ("out", ["One"])
    assert (after["lines"][0]["text"], after["blocked"]) == ("olá", True)


async def test_files_go_over_http_byte_for_byte(scene: Scene) -> None:
    base = f"{scene.sim.world.address}/sim/{scene.bot.id}/{scene.bia.id}"
    sends = f"{base}/sends_file?kind=photo&name=a.png&caption=see"
    async with scene.http.post(sends, data=PNG, headers={"Content-Type": "image/png"}) as answer:
        line = await answer.json()
    async with scene.http.get(f"{base}/files/{line['id']}") as answer:
        body = await answer.read()

    assert (line["type"], line["text"], body) == ("photo", "see", PNG)


async def test_what_it_prints_is_enough_to_begin_and_it_ends_when_told_to() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bridge.simulators.telegram", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        said = json.loads(await process.stdout.readline())
        async with ClientSession() as http:
            url = f"{said['base_url']}{said['token']}/sendMessage"
            async with http.post(url, json={"chat_id": said["person"], "text": "oi"}) as answer:
                status = answer.status
        process.terminate()
        code = await process.wait()

    assert (status, code) == (200, 0)
