"""The whole quick profile, as a user runs it. What it measures here is not asserted."""

import asyncio
import json
import sys

import pytest

from tests.unit.bench.test_goals import KEYS

_COMMAND = "from bridge.cli.main import main; main()"


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.timeout(960)
async def test_the_quick_profile_ends_with_a_full_report() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _COMMAND, "bench", "--json", stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(900):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

    found = json.loads(said)
    assert process.returncode == (1 if found["missed"] else 0)
    assert set(KEYS) <= found.keys()
    assert set(found["missed"]) <= set(KEYS)
