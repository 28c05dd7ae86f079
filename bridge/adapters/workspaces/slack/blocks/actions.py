"""Buttons and menus that run a command: how they are written into Slack, and read back; pure."""

import msgspec

from bridge.domain.value import Value

RUN = "run"
MENU = RUN
"""The action id of a menu; a button's has its command behind it."""

MAX_BUTTON_VALUE = 2_000
MAX_MENU_VALUE = 150


class Pressed(Value):
    """What a button or a menu entry of ours says when it is pressed."""

    command: str
    number: int | None = None
    arguments: dict[str, str] = {}


class _Written(Value):
    c: str = ""
    n: int | None = None
    a: dict[str, str] = {}


_decoder = msgspec.json.Decoder(_Written)


def action_id(command: str, place: int = 0) -> str:
    """A button's id; `place` tells apart two buttons of one command in one block."""
    return f"{RUN}:{command}" if place == 0 else f"{RUN}:{command}:{place}"


def button_value(number: int | None, arguments: dict[str, str]) -> str:
    """A button's value; arguments that have no room are asked for in the form instead."""
    return _fitted(_Written(n=number, a=arguments), MAX_BUTTON_VALUE)


def menu_value(command: str, number: int | None, arguments: dict[str, str]) -> str:
    """A menu entry's value, as a button's."""
    return _fitted(_Written(c=command, n=number, a=arguments), MAX_MENU_VALUE)


def _fitted(written: _Written, limit: int) -> str:
    value = msgspec.json.encode(written).decode()
    if len(value) <= limit:
        return value
    return msgspec.json.encode(_Written(c=written.c, n=written.n)).decode()


def read_action(id_: str, value: str) -> Pressed | None:
    """What was pressed; None for what is no button or menu of ours."""
    kind, _, rest = id_.partition(":")
    if kind != RUN:
        return None
    try:
        written = _decoder.decode(value or "{}")
    except msgspec.DecodeError:
        return None
    command = rest.partition(":")[0] or written.c
    if not command:
        return None
    return Pressed(command=command, number=written.n, arguments=written.a)
