"""Says what is wrong with the settings: one line each, with the way out."""

from collections.abc import Iterator
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bridge.domain.choices import say_choice
from bridge.settings.sources import NESTED, PREFIX


def say_mistakes(model: type[BaseModel], mistakes: ValidationError) -> Iterator[str]:
    """One line for each mistake; values are never repeated, for one may be a secret."""
    for each in mistakes.errors(include_url=False):
        yield _say(model, each)


def _say(model: type[BaseModel], mistake: ErrorDetails) -> str:
    path = tuple(str(part) for part in mistake["loc"])
    tables, keys = _split(model, path)
    place = f"[{'.'.join(tables)}]" if tables else ""
    match mistake["type"]:
        case "extra_forbidden":
            return _unknown(model, tables, keys[0] if keys else "")
        case "missing":
            variable = PREFIX + NESTED.join((*tables, *keys)).upper()
            return f"{place} {keys[0]}: missing; add {keys[0]} = ... or set {variable}"
        case "literal_error" | "enum":
            return " ".join(filter(None, (place, _where(keys, _choice(mistake)))))
        case _:
            said = mistake["msg"].removeprefix("Value error, ")
            return " ".join(filter(None, (place, _where(keys, said))))


def _choice(mistake: ErrorDetails) -> str:
    return say_choice(mistake["input"], mistake["ctx"]["expected"])


def _where(keys: tuple[str, ...], said: str) -> str:
    if not keys:
        return said
    position = "".join(f"[{key}]" for key in keys[1:])
    return f"{keys[0]}{position}: {said[:1].lower()}{said[1:]}"


def _split(
    model: type[BaseModel], path: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How much of the path names tables; the rest is the key and what is inside its value."""
    depth = 0
    for part in path:
        inner = _inner(model, part)
        if inner is None:
            break
        model, depth = inner, depth + 1
    return path[:depth], path[depth:]


def _inner(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    field = model.model_fields.get(name)
    kind = field.annotation if field else None
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _unknown(model: type[BaseModel], tables: tuple[str, ...], key: str) -> str:
    for table in tables:
        model = _inner(model, table) or model
    known = list(model.model_fields)
    near = get_close_matches(key, known, 1)
    if not tables:
        way_out = f"did you mean [{near[0]}]?" if near else f"there are {', '.join(known)}"
        return f"[{key}]: no such section; {way_out}"
    place = f"[{'.'.join(tables)}] {key}"
    return (
        f"{place}: did you mean {near[0]}?"
        if near
        else (f"{place}: no such setting; it takes {', '.join(known)}")
    )
