"""The parts that a message of Discord's new kind is made of; pure.

discord.com/developers/docs/components/reference, read November 2026: with `IS_COMPONENTS_V2` a
message has no `content`; its texts take 4,000 characters together, and it has 40 components.
"""

from collections.abc import Iterator, Sequence
from math import ceil

from bridge.adapters.workspaces.discord.client import Json

IS_COMPONENTS_V2 = 1 << 15
SUPPRESS_EMBEDS = 1 << 2
MAX_CONTENT = 2_000
MAX_TEXTS = 4_000

_ROW, _BUTTON, _SELECT, _TEXT, _SEPARATOR, _CONTAINER = 1, 2, 3, 10, 14, 17
_PRIMARY, _SECONDARY, _LINK = 1, 2, 5
_MAX_LABEL = 80
_MAX_OPTION = 100
_IN_A_ROW = 5


def text(markdown: str, number: int | None = None) -> Json:
    """A text; its number tells it apart within its message."""
    part: Json = {"type": _TEXT, "content": markdown}
    return part if number is None else {**part, "id": number}


def separator() -> Json:
    """A thin line."""
    return {"type": _SEPARATOR, "divider": True, "spacing": 1}


def container(color: int, parts: Sequence[Json]) -> Json:
    """A box with a coloured edge."""
    return {"type": _CONTAINER, "accent_color": color, "components": list(parts)}


def button(label: str, custom_id: str, *, primary: bool = False) -> Json:
    """A button."""
    style = _PRIMARY if primary else _SECONDARY
    return {
        "type": _BUTTON,
        "style": style,
        "label": cut(label, _MAX_LABEL),
        "custom_id": custom_id,
    }


def link(label: str, url: str) -> Json:
    """A button that leads somewhere."""
    return {"type": _BUTTON, "style": _LINK, "label": cut(label, _MAX_LABEL), "url": url}


def menu(custom_id: str, entries: Sequence[tuple[str, str]], chosen: str = "") -> Json:
    """A row with a menu of values and what they say; the chosen one is what is read in it."""
    options: list[Json] = [
        {"value": value, "label": cut(label, _MAX_OPTION), "default": value == chosen}
        for value, label in entries
    ]
    select: Json = {"type": _SELECT, "custom_id": custom_id, "options": options}
    return {"type": _ROW, "components": [select]}


def rows(buttons: Sequence[Json]) -> Iterator[Json]:
    """Rows of up to five, and none that is much longer than another."""
    size = ceil(len(buttons) / ceil(len(buttons) / _IN_A_ROW)) if buttons else 1
    for start in range(0, len(buttons), size):
        yield {"type": _ROW, "components": list(buttons[start : start + size])}


def texts(components: Sequence[Json]) -> Iterator[Json]:
    """Every text of a message, in order."""
    for part in components:
        if part.get("type") == _TEXT:
            yield part
        yield from texts(part.get("components") or ())


def cut(words: str, limit: int) -> str:
    """At most so many characters, with an ellipsis where some are missing."""
    shown = words or "…"
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
