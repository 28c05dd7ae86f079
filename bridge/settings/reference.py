"""Writes the page that lists every setting, from the models themselves."""

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bridge.settings.load import COMMON
from bridge.settings.plugins import GROUPS, find_plugin, installed
from bridge.settings.sections import DeskSection, LogSection, ServerSection

_INTRODUCTION = """# Settings

<!-- Written by `python -m tests.docs`; a test compares it with the code. -->

They are read once, at the start, from `deskbridge.toml` in the current folder, or from the file
that `--config` or `DESKBRIDGE_CONFIG` names. `deskbridge init` writes one with comments, and
`deskbridge doctor` checks it. A key that nobody knows is an error that names the nearest one.

- **Environment.** `DESKBRIDGE_SERVER__PORT=9000` sets `port` of `[server]` and wins over the file.
  A list is written as JSON.
- **Secrets from files.** `DESKBRIDGE_CHANNELS__SHOP__TOKEN_FILE=/run/secrets/token` reads the value
  from a file. A settings file that holds secrets must be readable by its owner only
  (`chmod 600 deskbridge.toml`), or the desk does not start.
- **Durations** are seconds, or a text such as `"90s"`, `"15m"`, `"24h"`, `"7d"`.
- **Paths** are relative to the settings file.
- **Ids** (`[channels.<id>]`) are lower-case letters, digits and `_`. Never change one: what was
  stored under it belongs to it.

Queues, agents, rooms and templates are not settings: they are kept in the database and changed with
`deskbridge queues`, `deskbridge agents` and commands in the workspace.
"""

_SECTIONS: Sequence[tuple[str, type[BaseModel]]] = (
    ("desk", DeskSection),
    ("server", ServerSection),
    ("log", LogSection),
)

_NAMES: dict[object, str] = {
    int: "number",
    float: "number",
    bool: "true or false",
    SecretStr: "secret",
    Path: "path",
}


def page() -> str:
    """The whole page, as Markdown."""
    return _INTRODUCTION + "".join(_tables())


def _tables() -> Iterator[str]:
    for name, model in _SECTIONS:
        yield _table(f"[{name}]", model, _first_line(model).partition(": ")[2])
    for section in GROUPS:
        yield _table(f"[{section}.<id>]", COMMON[section], _first_line(COMMON[section]))
        for kind in sorted(installed(section).names):
            yield from _kind(section, kind)


def _kind(section: str, kind: str) -> Iterator[str]:
    model = find_plugin(section, kind, kind).settings
    place = f"[{section}.<id>]"
    yield _table(f'{place} with `kind = "{kind}"`', model, _first_line(model))
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield _table(f"[{section}.<id>.{name}]", inner, _first_line(inner))


def _table(title: str, model: type[BaseModel], lead: str) -> str:
    described = _docstrings(model)
    rows = [
        _row(name, field, described.get(name))
        for name, field in model.model_fields.items()
        if not _is_table(field)
    ]
    if not rows:
        return f"\n## {title}\n\n{_sentence(lead)} It has no keys of its own.\n"
    head = "| key | what | usual value | meaning |\n| --- | --- | --- | --- |\n"
    return f"\n## {title}\n\n{_sentence(lead)}\n\n{head}" + "\n".join(rows) + "\n"


def _row(name: str, field: FieldInfo, docstring: str | None) -> str:
    cells = (f"`{name}`", _type(field), _default(field), _meaning(field, docstring))
    return f"| {' | '.join(cells)} |"


def _is_table(field: FieldInfo) -> bool:
    kind = field.annotation
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _first_line(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _meaning(field: FieldInfo, docstring: str | None) -> str:
    text = (field.description or docstring or "").strip().rstrip(".")
    return _sentence(" ".join(text.split())).replace("|", "\\|")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, SecretStr):
        return ""
    if _is_duration(field):
        return f"`{_duration(value)}`"
    return "" if value is None or value == "" else f"`{_toml(value)}`"


def _toml(value: object) -> str:
    if isinstance(value, frozenset):
        value = sorted(value)
    if isinstance(value, tuple):
        value = list(value)
    if isinstance(value, Path):
        value = str(value)
    return json.dumps(value, ensure_ascii=False)


def _duration(millis: int) -> str:
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)):
        if millis and millis % size == 0:
            return f'"{millis // size}{unit}"'
    return f'"{millis}ms"' if millis else '"0s"'


def _is_duration(field: FieldInfo) -> bool:
    return any(
        getattr(each, "json_schema", {}).get("format") == "duration" for each in field.metadata
    )


def _type(field: FieldInfo) -> str:
    if _is_duration(field):
        return "duration"
    return _words(field.annotation)


def _words(kind: object) -> str:
    parts = [each for each in getattr(kind, "__args__", ()) if each is not type(None)]
    origin = str(getattr(kind, "__origin__", ""))
    if "Literal" in origin:
        return " or ".join(f"`{each}`" for each in parts)
    if "Annotated" in origin or "Annotated" in type(kind).__name__:
        return _words(getattr(kind, "__origin__", str))
    if any(name in origin for name in ("tuple", "frozenset", "list", "set")):
        return "list"
    if parts:
        return _words(parts[0])
    return _NAMES.get(kind, "text")


def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    """What is written under each field, as some models have it instead of a description."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(model)))
    (definition,) = tree.body
    assert isinstance(definition, ast.ClassDef), "a model is a class"
    found: dict[str, str] = {}
    for field, after in zip(definition.body, definition.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            found[field.target.id] = str(after.value.value)
    return found
