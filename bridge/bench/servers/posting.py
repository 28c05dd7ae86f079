"""One post to the team's platform, the same for the relay and for the desk."""

import aiohttp
import msgspec

_JSON = {"Content-Type": "application/json"}
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, str]).decode


async def post(
    http: aiohttp.ClientSession, platform: str, *, thread: str, name: str, text: str
) -> str:
    """Post a line in a thread; gives the platform's id for it."""
    body = _encode({"thread": thread, "name": name, "text": text})
    async with http.post(platform, data=body, headers=_JSON) as answer:
        return _decode(await answer.read())["id"]
