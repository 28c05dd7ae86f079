"""The page of the simulator: its files, what they may do, and who may steer it."""

import re

import aiohttp
import pytest

from bridge.simulators.discord import DiscordSimulator


async def _get(sim: DiscordSimulator, path: str, **headers: str) -> tuple[int, str, str]:
    async with (
        aiohttp.ClientSession() as http,
        http.get(sim.world.address + path, headers=headers) as answer,
    ):
        policy = answer.headers.get("Content-Security-Policy", "")
        return answer.status, await answer.text(), policy


async def test_the_page_is_whole_and_asks_nothing_of_others(sim: DiscordSimulator) -> None:
    status, page, policy = await _get(sim, "/workspace")
    named = re.findall(r'(?:href|src)="([^"#]+)"', page)
    found = [(await _get(sim, f"/workspace/{name}"))[0] for name in named]

    assert status == 200
    assert len(named) > 3
    assert set(found) == {200}
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_every_module_that_is_imported_is_there(sim: DiscordSimulator) -> None:
    seen, due = set[str](), ["app.js"]
    while due:
        name = due.pop()
        status, source, _ = await _get(sim, f"/workspace/{name}")
        assert status == 200, name
        seen.add(name)
        due += set(re.findall(r'from "\./([^"]+)"', source)) - seen - set(due)

    assert len(seen) > 20


@pytest.mark.parametrize("name", ["nothing.js", "..%2f__init__.py", "pages.py"])
async def test_nothing_else_is_served(sim: DiscordSimulator, name: str) -> None:
    status, _, _ = await _get(sim, f"/workspace/{name}")

    assert status == 404


@pytest.mark.parametrize("path", ["/sim/state", "/sim/ledger", "/workspace/", "/sim/changes"])
async def test_a_foreign_name_that_leads_here_gets_nothing(
    sim: DiscordSimulator, path: str
) -> None:
    status, body, _ = await _get(sim, path, Host="evil.example:80")

    assert status == 403
    assert "token" not in body


async def test_it_answers_to_its_own_names(sim: DiscordSimulator) -> None:
    port = sim.world.address.rpartition(":")[2]

    statuses = [
        (await _get(sim, "/sim/state", Host=f"{name}:{port}"))[0]
        for name in ("localhost", "127.0.0.1", "[::1]")
    ]

    assert statuses == [200, 200, 200]
