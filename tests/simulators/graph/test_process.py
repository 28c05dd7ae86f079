"""The simulated Graph runs by itself, and says how to connect to it."""

import asyncio
import json
import sys

from aiohttp import ClientSession

from bridge.adapters.channels.whatsapp.settings import WhatsAppSettings
from tests.patience import PATIENCE


async def test_what_it_prints_is_a_channels_settings_and_it_ends_when_it_is_told_to() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bridge.simulators.graph", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        said = json.loads(await process.stdout.readline())
        settings = WhatsAppSettings.model_validate(said["settings"])
        url = f"{settings.graph_url}/sim/{settings.phone_number_id}/{said['customer']}/writes"
        async with ClientSession() as http, http.post(url, json={"text": "oi"}) as answer:
            status = answer.status
        process.terminate()
        code = await process.wait()

    assert (status, code) == (200, 0)
