"""What a message or a form of Discord says to its reader, and what can be used in it; pure."""

import re
from collections.abc import Iterator, Mapping

from bridge.adapters.workspaces.discord.custom_ids import PAGE, PICKED, Pressed, read_custom_id
from bridge.simulators.common.wire import Json, arr, obj
from bridge.simulators.discord import Message, Modal
from bridge.simulators.discord.api.components import inside

Seen = Message | Modal
_MARKS = re.compile(r"\*\*|^#{1,3} |^-# |^> |<t:-?\d+:\w>|\u2060", re.MULTILINE)
_WORDS = ("content", "title", "description", "value", "text")
_BUTTON, _SELECT = 2, 3


def said(seen: Seen) -> str:
    """The words of it, as a person reads them; not those on its buttons."""
    parts = [seen.title] if isinstance(seen, Modal) else [seen.content, *_in(list(seen.embeds))]
    words = "\n".join((*parts, *_in(list(seen.components))))
    plain = _MARKS.sub("", words).replace("\\", "")
    return " ".join(plain.split())


def _in(node: Json) -> Iterator[str]:
    if isinstance(node, list | tuple):
        for each in node:
            yield from _in(each)
    elif isinstance(node, dict) and node.get("type") == _SELECT:
        yield from _chosen(node)
    elif isinstance(node, dict) and node.get("type") != _BUTTON:
        for name, each in node.items():
            if name in _WORDS and isinstance(each, str):
                yield each
            elif not isinstance(each, str):
                yield from _in(each)


def _chosen(select: Mapping[str, Json]) -> Iterator[str]:
    """What a closed menu shows: the entries that are chosen."""
    for each in map(obj, arr(select.get("options"))):
        if each.get("default"):
            yield str(each.get("label"))


def usable(seen: Seen) -> dict[str, Mapping[str, Json]]:
    """Everything in it that can be used, by its id."""
    parts = (one for _, one in inside(list(seen.components)))
    return {str(one["custom_id"]): one for one in parts if one.get("custom_id")}


def buttons(seen: Seen) -> Iterator[tuple[str, Pressed]]:
    """What can be pressed or chosen in, with what it says of itself."""
    for written, one in usable(seen).items():
        pressed = read_custom_id(written)
        if pressed is not None and not one.get("disabled"):
            yield written, pressed


def button(seen: Seen, command: str, arguments: Mapping[str, str] | None = None) -> str:
    """The id of what runs this command with these arguments at least; empty for none."""
    wanted = (arguments or {}).items()
    found = (
        written
        for written, one in buttons(seen)
        if one.command == command and wanted <= one.arguments.items() and not _is_menu(one)
    )
    return next(found, "")


def page_button(seen: Seen, page: int) -> str:
    """The id of what leads to this page of a board; empty where there is none."""
    found = (
        written
        for written, one in buttons(seen)
        if one.kind == PAGE and one.arguments.get("page") == str(page)
    )
    return next(found, "")


def menu(seen: Seen, argument: str) -> str:
    """The id of the menu in which this argument is chosen; empty for none."""
    found = (written for written, one in buttons(seen) if one.arguments.get(PICKED) == argument)
    return next(found, "")


def _is_menu(pressed: Pressed) -> bool:
    return PICKED in pressed.arguments


def entry(part: Mapping[str, Json], words: str) -> str:
    """The value of the entry of a menu that has these words; the words where it has no entries."""
    for each in map(obj, arr(part.get("options"))):
        if (
            words in (str(each.get("value")), str(each.get("label")))
            or words.lower() in str(each.get("label")).lower()
        ):
            return str(each.get("value"))
    return words
