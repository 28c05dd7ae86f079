"""Reading a request's body: JSON, or a form with `payload_json` and files."""

from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from bridge.simulators.common.wire import Json, load
from bridge.simulators.discord.api.method import Upload
from bridge.simulators.discord.errors import DiscordRefused


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """What came."""

    json: Json = None
    files: tuple[Upload, ...] = ()


async def read_body(request: web.Request, most: int) -> Body:
    """Raises 40005 for one that is too big and 50035 for one that is no JSON."""
    if (request.content_length or 0) > most:
        raise DiscordRefused(40005)
    if request.content_type == "multipart/form-data":
        return await _form(request)
    text = await request.text()
    return Body(json=_json(text) if text else None)


def _json(text: str) -> Json:
    try:
        return load(text)
    except ValueError as e:
        raise DiscordRefused(50035) from e


async def _form(request: web.Request) -> Body:
    json: Json = None
    files: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read())
        if part.name == "payload_json":
            json = _json(content.decode())
        elif part.name is not None:
            upload = Upload(
                field=part.name,
                filename=part.filename or part.name,
                content=content,
                content_type=part.headers.get("Content-Type", "application/octet-stream"),
            )
            files.append(upload)
    return Body(json=json, files=tuple(files))
