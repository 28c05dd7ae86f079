"""Checks what is sent against Discord's own description of its API, where that is at hand."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

Schema = Mapping[str, Any]  # JSON Schema as OpenAPI 3.1 has it

_FILE = Path(__file__).parents[3].parent / "shared" / "data" / "discord" / "openapi.json"
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}

needs_description = pytest.mark.skipif(
    not _FILE.exists(), reason=f"Discord's openapi.json is not here: {_FILE}"
)


@cache
def _described() -> Schema:
    loaded: Schema = json.loads(_FILE.read_text("utf-8"))
    return loaded


def slips(call: str, body: object) -> list[str]:
    """Everything in a body that Discord's description does not know; `call` is `PUT /path/{id}`.

    The ids in a path may have any names.
    """
    method, _, path = call.partition(" ")
    wanted = _nameless(path)
    for known, verbs in _described()["paths"].items():
        if _nameless(known) == wanted and method.lower() in verbs:
            content = verbs[method.lower()].get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema", {})
            return list(_check(body, schema, "body"))
    return [f"no {call}"]


def _nameless(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def _check(value: object, schema: Schema, at: str) -> Iterator[str]:
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        yield from _check(value, _described()["components"]["schemas"][name], at)
        return
    branches = schema.get("oneOf") or schema.get("anyOf")
    if branches:
        found = [list(_check(value, each, at)) for each in branches]
        if all(found):
            yield from min(found, key=lambda wrong: (_is_of_another_type(wrong), len(wrong)))
        return
    yield from _check_value(value, schema, at)


def _is_of_another_type(wrong: list[str]) -> bool:
    return any(".type:" in each for each in wrong)


def _check_value(value: object, schema: Schema, at: str) -> Iterator[str]:
    types = schema.get("type", [])
    wanted = [types] if isinstance(types, str) else types
    if wanted and not any(_is(value, each) for each in wanted):
        yield f"{at}: {value!r} is no {' or '.join(wanted)}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    match value:
        case dict():
            yield from _object(value, schema, at)
        case list():
            yield from _length(len(value), schema, at, "Items")
            for n, each in enumerate(value):
                yield from _check(each, schema.get("items", {}), f"{at}.{n}")
        case str():
            yield from _length(len(value), schema, at, "Length")
            if "pattern" in schema and re.search(schema["pattern"], value) is None:
                yield f"{at}: {value!r} is not {schema['pattern']}"
        case int():
            yield from _length(value, schema, at, "imum")
        case _:
            return


def _is(value: object, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted == "boolean"
    return isinstance(value, _TYPES[wanted])


def _object(value: Mapping[str, object], schema: Schema, at: str) -> Iterator[str]:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}: no {name}"
    for name, each in value.items():
        if name in known:
            yield from _check(each, known[name], f"{at}.{name}")
        elif "additionalProperties" in schema and isinstance(schema["additionalProperties"], dict):
            yield from _check(each, schema["additionalProperties"], f"{at}.{name}")
        elif known:
            yield f"{at}: {name} is not known"


def _length(size: int, schema: Schema, at: str, what: str) -> Iterator[str]:
    least, most = schema.get(f"min{what}"), schema.get(f"max{what}")
    if least is not None and size < least:
        yield f"{at}: {size} is less than {least}"
    if most is not None and size > most:
        yield f"{at}: {size} is more than {most}"
