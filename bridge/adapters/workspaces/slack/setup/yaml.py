"""Writes a value of mappings, lists, texts, numbers and truths as YAML; pure."""

import json
import re
from collections.abc import Iterator

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*(?:[:.][A-Za-z0-9_-]+)*")
_OTHERWISE = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def to_yaml(value: object) -> str:
    """The document, with a line break at its end."""
    return "\n".join(_lines(value)) + "\n"


def _lines(value: object) -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _entry(f"{_scalar(key)}:", inner, "  ")
        case list():
            for inner in value:
                first, *rest = _lines(inner) if isinstance(inner, dict) else [_scalar(inner)]
                yield f"- {first}"
                yield from (f"  {line}" for line in rest)
        case _:
            yield _scalar(value)


def _entry(key: str, value: object, indent: str) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        yield key
        yield from (f"{indent}{line}" for line in _lines(value))
    else:
        yield f"{key} {_scalar(value)}"


def _scalar(value: object) -> str:
    """A text that could be read as something else stands in quotation marks, as JSON has it."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _OTHERWISE:
        return value
    return json.dumps(value, ensure_ascii=False)
