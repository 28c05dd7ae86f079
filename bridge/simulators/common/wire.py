"""JSON as platforms send it, read without believing it."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]


def obj(value: Json) -> Mapping[str, Json]:
    """The object, or an empty one where something else stood."""
    return value if isinstance(value, Mapping) else {}


def arr(value: Json) -> Sequence[Json]:
    """The list, or an empty one where something else stood."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def txt(value: Json) -> str:
    """The text, or none where something else stood."""
    return value if isinstance(value, str) else ""


def dump(value: Json) -> str:
    """Compact JSON, with every character as itself."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Json:
    """What the text says. Raises `ValueError` when it is no JSON."""
    value: Json = json.loads(text)
    return value


def without_none(values: Mapping[str, Json]) -> JsonObject:
    """Slack leaves out what is not there; it does not send null."""
    return {name: value for name, value in values.items() if value is not None}
