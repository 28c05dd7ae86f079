"""Checks a manifest against Slack's own schema: as much of JSON Schema as that schema uses."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]  # JSON Schema, draft 7

_FILE = Path(__file__).parents[2] / "payloads" / "slack" / "manifest.schema.1.0.0.json"
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


@cache
def _schema() -> Schema:
    loaded: Schema = json.loads(_FILE.read_text("utf-8"))
    return loaded


def slips(manifest: object) -> list[str]:
    """Everything that Slack would not take."""
    return list(_check(manifest, _schema(), "manifest"))


def _check(value: object, schema: Schema, at: str) -> Iterator[str]:
    if "$ref" in schema:
        name = str(schema["$ref"]).removeprefix("#/definitions/")
        yield from _check(value, _schema()["definitions"][name], at)
        return
    wanted = schema.get("type")
    if isinstance(wanted, str) and not _is(value, wanted):
        yield f"{at}: {value!r} is no {wanted}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    match value:
        case dict():
            yield from _object(value, schema, at)
        case list():
            yield from _array(value, schema, at)
        case str():
            yield from _text(value, schema, at)
        case _:
            return


def _is(value: object, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted == "boolean"
    return isinstance(value, _TYPES[wanted])


def _object(value: dict[str, object], schema: Schema, at: str) -> Iterator[str]:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}: {name} is missing"
    for name, inner in value.items():
        if name in known:
            yield from _check(inner, known[name], f"{at}.{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{at}: {name} is unknown"


def _array(value: list[object], schema: Schema, at: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{at}: {len(value)} entries"
    for index, inner in enumerate(value):
        yield from _check(inner, schema.get("items", {}), f"{at}[{index}]")


def _text(value: str, schema: Schema, at: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{at}: {len(value)} characters"
    for rule in ("pattern", "regex"):
        if rule in schema and re.search(schema[rule], value) is None:
            yield f"{at}: {value!r} does not match"
