"""The page of the simulator: its files, and what they may do."""

import re

import aiohttp
import pytest

from bridge.simulators.slack import SlackSimulator


async def _get(slack: SlackSimulator, path: str) -> tuple[int, str, str]:
    async with (
        aiohttp.ClientSession() as http,
        http.get(slack.world.address + path) as answer,
    ):
        policy = answer.headers.get("Content-Security-Policy", "")
        return answer.status, await answer.text(), policy


async def test_the_page_is_whole_and_asks_nothing_of_others(slack: SlackSimulator) -> None:
    status, page, policy = await _get(slack, "/workspace")
    named = re.findall(r'(?:href|src)="([^"#]+)"', page)
    found = [(await _get(slack, f"/workspace/{name}"))[0] for name in named]

    assert status == 200
    assert len(named) > 3
    assert set(found) == {200}
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_every_module_that_is_imported_is_there(slack: SlackSimulator) -> None:
    seen, due = set[str](), ["app.js"]
    while due:
        name = due.pop()
        status, source, _ = await _get(slack, f"/workspace/{name}")
        assert status == 200, name
        seen.add(name)
        due += set(re.findall(r'from "\./([^"]+)"', source)) - seen - set(due)

    assert len(seen) > 20


@pytest.mark.parametrize("name", ["nothing.js", "..%2f__init__.py", "page.py"])
async def test_nothing_else_is_served(slack: SlackSimulator, name: str) -> None:
    status, _, _ = await _get(slack, f"/workspace/{name}")

    assert status == 404
