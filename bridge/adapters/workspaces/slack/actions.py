"""Buttons and menus that run a command: how they are written into Slack, and read back; pure."""

import msgspec

from bridge.domain.value import Value

RUN = "run"
MENU = RUN
"""The action id of a menu; a button's has its command behind it."""


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
    """A button's value, at most 2,000 characters."""
    return msgspec.json.encode(_Written(n=number, a=arguments)).decode()


def menu_value(command: str, number: int | None, arguments: dict[str, str]) -> str:
    """A menu entry's value, at most 150 characters."""
    return msgspec.json.encode(_Written(c=command, n=number, a=arguments)).decode()


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
