"""What a button, a menu or a form of ours says of itself when it is used; pure.

`<kind>:<command>:<number>:<arguments>` and, where two would be the same, `:<place>`. Nothing is
kept in memory for it: a card's buttons work after any restart.
"""

from urllib.parse import unquote

from bridge.domain.value import Value

RUN = "db"
"""Runs its command, or opens what asks for the rest; a menu's choice is the argument `PICKED`."""
FORM = "dbf"
"""A form that is sent, or the button that opens it (again)."""
PAGE = "dbp"
"""Shows a board, or another page of it."""

PICKED = "?"
"""In the arguments of a menu: the argument that the choice is for."""
KEPT = "~"
"""In place of the arguments: the name under which they are kept, because they are too long."""

MAX_ID = 100

_ESCAPED = str.maketrans({"%": "%25", ":": "%3A", "&": "%26", "=": "%3D", "~": "%7E", "\n": "%0A"})
_KINDS = frozenset({RUN, FORM, PAGE})


class Pressed(Value):
    """What was used. `kept` names arguments that are kept elsewhere."""

    command: str
    number: int | None = None
    arguments: dict[str, str] = {}
    kind: str = RUN
    kept: str = ""


def custom_id(pressed: Pressed, place: int = 0) -> str:
    """The id; arguments that have no room in it are left out, and asked for again."""
    whole = _written(pressed, place)
    if len(whole) <= MAX_ID:
        return whole
    return _written(
        Pressed(command=pressed.command, number=pressed.number, kind=pressed.kind), place
    )


def fits(pressed: Pressed, place: int = 0) -> bool:
    """Whether everything that it says has room in an id."""
    return len(_written(pressed, place)) <= MAX_ID


def _written(pressed: Pressed, place: int) -> str:
    number = "" if pressed.number is None else str(pressed.number)
    said = f"{KEPT}{pressed.kept}" if pressed.kept else _said(pressed.arguments)
    parts = [pressed.kind, pressed.command, number, said]
    return ":".join([*parts, str(place)] if place else parts)


def _said(arguments: dict[str, str]) -> str:
    return "&".join(
        f"{name.translate(_ESCAPED)}={value.translate(_ESCAPED)}"
        for name, value in arguments.items()
    )


def read_custom_id(written: str) -> Pressed | None:
    """What an id says; None for what is none of ours."""
    kind, *rest = written.split(":")
    if kind not in _KINDS or len(rest) not in (3, 4) or not rest[0]:
        return None
    command, number, said = rest[:3]
    if number and not (number.isascii() and number.isdigit()):
        return None
    kept = said.removeprefix(KEPT) if said.startswith(KEPT) else ""
    return Pressed(
        command=command,
        number=int(number) if number else None,
        arguments={} if kept else dict(_pairs(said)),
        kind=kind,
        kept=kept,
    )


def _pairs(said: str) -> list[tuple[str, str]]:
    pairs = (each.partition("=") for each in said.split("&") if "=" in each)
    return [(unquote(name), unquote(value)) for name, _, value in pairs]
