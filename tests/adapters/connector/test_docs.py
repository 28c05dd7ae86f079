"""The platform of docs/connector.md is one: it runs as it stands there, in front of a desk."""

import asyncio
import os
import re
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from bridge.domain.content import text_content
from bridge.domain.ids import Address
from bridge.ports.channel import MessageReceived
from tests.adapters.connector.rig import SECRET, serve
from tests.contract.channel_contract import post
from tests.patience import PATIENCE
from tests.ports import kept_port

PAGE = (Path(__file__).parents[3] / "docs" / "connector.md").read_text(encoding="utf-8")


async def test_the_platform_of_the_page_brings_a_customer_and_shows_him_our_lines(
    tmp_path: Path,
) -> None:
    file = tmp_path / "shop.py"
    file.write_text(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0], encoding="utf-8")

    async with AsyncExitStack() as open_:
        port = open_.enter_context(kept_port())
        url = f"http://127.0.0.1:{port}/deskbridge"
        rig = await open_.enter_async_context(serve(tmp_path, url=url))
        await open_.enter_async_context(asyncio.timeout(PATIENCE))
        given = {**os.environ, "DESK": rig.platform.desk, "SECRET": SECRET, "PORT": str(port)}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(file),
            env=given,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("Olá\n".encode())
        taken = await process.stdout.readline()
        await rig.channel.send(Address("+5511912345678"), post(text_content("Oi, Bia")))
        shown = await process.stdout.readline()
        process.stdin.close()
        await process.wait()

    (event,) = rig.core.of(MessageReceived)
    assert event.content.words() == "Olá"
    assert taken.startswith(b"200")
    assert shown.decode() == "Ana: Oi, Bia\n"
