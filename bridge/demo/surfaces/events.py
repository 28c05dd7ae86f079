"""Server-sent events as a browser reads them."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec

from bridge.domain.value import Value

JSON = Any  # whatever a server answers: read by name where it is looked at


class Told(Value):
    """One event: its name, its data, and its place in the stream."""

    name: str
    data: JSON = None
    id: str = ""


async def told(content: aiohttp.StreamReader) -> AsyncIterator[Told]:
    """Every event of a stream until it ends; comments say nothing."""
    fields: dict[str, str] = {}
    async for row in content:
        line = row.decode().rstrip("\r\n")
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
            continue
        if "data" in fields:
            data = msgspec.json.decode(fields["data"])
            yield Told(name=fields.get("event", "message"), data=data, id=fields.get("id", ""))
        fields = {}
