"""Calls as they come: in the address, as JSON, as a form or as multipart."""

import json
from collections.abc import Sequence

from aiohttp import BodyPartReader, web

from bridge.simulators.common.wire import Json, JsonObject, load
from bridge.simulators.telegram.errors import TelegramRefused
from bridge.simulators.telegram.records import Upload
from bridge.simulators.telegram.spec.schema import ATTACHED, FILE, Shape

_PLAIN = frozenset({"Integer", "Float", "Boolean", "String", FILE})


async def read_call(request: web.Request, shape: Shape) -> tuple[JsonObject, dict[str, Upload]]:
    """The arguments, each made what the method takes, and the files. Raises `TelegramRefused`."""
    raw: JsonObject = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "multipart/form-data":
        try:
            await _read_parts(request, raw, uploads)
        except ValueError as e:
            raise TelegramRefused(400, "can't parse the parts of the request") from e
    elif request.content_type == "application/json" and request.can_read_body:
        raw |= await _read_json(request)
    elif request.method == "POST":
        raw |= {name: str(value) for name, value in (await request.post()).items()}
    for name in uploads:
        if name in shape.fields and FILE in shape.fields[name].types:
            raw[name] = ATTACHED + name
    args = {
        name: coerced(shape.fields[name].types, value) if name in shape.fields else value
        for name, value in raw.items()
        if value is not None
    }
    return args, uploads


async def _read_json(request: web.Request) -> JsonObject:
    try:
        said = load(await request.text() or "{}")
    except ValueError as e:
        raise TelegramRefused(400, "can't parse JSON object") from e
    if not isinstance(said, dict):
        raise TelegramRefused(400, "can't parse JSON object")
    return said


async def _read_parts(request: web.Request, raw: JsonObject, uploads: dict[str, Upload]) -> None:
    async for each in await request.multipart():
        if not isinstance(each, BodyPartReader) or each.name is None:
            continue
        if each.filename is None:
            raw[each.name] = await each.text()
        else:
            body = bytes(await each.read(decode=True))
            mime = each.headers.get("Content-Type", "").partition(";")[0].strip()
            uploads[each.name] = Upload(body=body, mime=mime, name=each.filename)


def coerced(types: Sequence[str], value: Json) -> Json:
    """A text as the first of these types that it can be; anything else as it is."""
    if not isinstance(value, str):
        return value
    for type_ in types:
        made = _made(type_, value)
        if made is not None:
            return made
    return value


def _made(type_: str, text: str) -> Json:
    try:
        if type_ == "Integer":
            return int(text)
        if type_ == "Float":
            return float(text)
        if type_ == "Boolean":
            return {"true": True, "false": False, "1": True, "0": False}.get(text.lower())
        return None if type_ in _PLAIN else load(text)
    except json.JSONDecodeError as e:
        if type_.startswith("Array of") or text.startswith("{"):
            raise TelegramRefused(400, f"can't parse {type_} JSON object") from e
        return None
    except ValueError:
        return None
