"""The few kinds of components that our answers and forms are made of; pure.

Limits: discord.com/developers/docs/components/reference, read November 2026.
"""

from collections.abc import Iterable, Sequence

from bridge.adapters.common.choices import Choice
from bridge.adapters.workspaces.discord.cards import layout
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.text.writing import JOINER, literal

ROW, BUTTON, MENU, INPUT, SECTION, TEXT, CONTAINER, LABEL = 1, 2, 3, 4, 9, 10, 17, 18
UPLOAD = 19
BLUE, GREY, GREEN, RED = 1, 2, 3, 4
"""Styles of buttons."""
GREEN_EDGE, RED_EDGE, BLUE_EDGE, YELLOW_EDGE = 0x2E9E5B, 0xC94F4F, 0x4C6FBF, 0xC9A227
"""What the edge of a private answer says: done, refused, shown, asked."""

PRIVATE = 1 << 6
COMPONENTS = layout.IS_COMPONENTS_V2
"""Flags of a message: one person sees it; it is made of components alone."""

MAX_PARTS = 40
MAX_TEXT = layout.MAX_TEXTS
_LEAST = 20
MAX_OPTIONS = 25
MAX_FIELDS = 5
_BUTTON = 80
_WORDS = 100
_PLACEHOLDER = 150
_FIELD = 45
_TITLE = 45
_VALUE = 4_000


# --- messages ---------------------------------------------------------------------------------


def private(parts: Iterable[Json], edge: int | None = None) -> Json:
    """A private answer; it calls nobody, whatever stands in it."""
    inside = fitted(parts)
    frame: Json = {"type": CONTAINER, "components": inside or [text(JOINER)]}
    return {
        "flags": PRIVATE | COMPONENTS,
        "components": [frame if edge is None else frame | {"accent_color": edge}],
        "allowed_mentions": {"parse": []},
    }


def fitted(parts: Iterable[Json]) -> list[Json]:
    """As many of the parts as one message takes; a text that is too long ends with an ellipsis."""
    shown: list[Json] = []
    left, room = MAX_PARTS - 1, MAX_TEXT
    for part in parts:
        if left < _count(part) or (_length(part) and room < _LEAST):
            continue
        left -= _count(part)
        fits = _clipped(part, room)
        room -= _length(fits)
        shown.append(fits)
    return shown


def _count(part: Json) -> int:
    inside = [*part.get("components", ()), *filter(None, (part.get("accessory"),))]
    return 1 + sum(map(_count, inside))


def _length(part: Json) -> int:
    own = len(part["content"]) if part["type"] == TEXT else 0
    return own + sum(map(_length, part.get("components", ())))


def _clipped(part: Json, room: int) -> Json:
    if _length(part) <= room:
        return part
    if part["type"] == TEXT:
        return part | {"content": f"{part['content'][: room - 1]}…"}
    if part["type"] == SECTION:
        return part | {"components": [_clipped(each, room) for each in part["components"][:1]]}
    return part


def text(markdown: str) -> Json:
    """A paragraph."""
    return layout.text(markdown or JOINER)


def heading(words: str) -> Json:
    """A heading of plain words."""
    return text(f"### {literal(one_line(words))}")


def small(words: str) -> Json:
    """Small print of plain words."""
    return text(f"-# {literal(one_line(words))}")


def one_line(words: str) -> str:
    """The words without line breaks."""
    return " ".join(words.split())


def beside(markdown: str, accessory: Json) -> Json:
    """A paragraph with a button beside it."""
    return {"type": SECTION, "components": [text(markdown)], "accessory": accessory}


def divider() -> Json:
    """A line."""
    return layout.separator()


def rows(buttons: Sequence[Json]) -> list[Json]:
    """Buttons, five in a row."""
    return list(layout.rows(buttons))


def button(label: str, custom_id: str, *, style: int = GREY, disabled: bool = False) -> Json:
    """A button that runs something."""
    made: Json = {
        "type": BUTTON,
        "style": style,
        "label": clipped(label, _BUTTON),
        "custom_id": custom_id,
    }
    return made | {"disabled": True} if disabled else made


def link(label: str, url: str) -> Json:
    """A button that leads to a page."""
    return layout.link(clipped(label, _BUTTON), url)


def menu(custom_id: str, choices: Sequence[Choice], placeholder: str) -> Json:
    """A row with a menu."""
    return {
        "type": ROW,
        "components": [
            {
                "type": MENU,
                "custom_id": custom_id,
                "options": _options(choices),
                "placeholder": clipped(placeholder, _PLACEHOLDER),
            }
        ],
    }


# --- forms ------------------------------------------------------------------------------------


def modal(title: str, custom_id: str, fields: Iterable[Json]) -> Json:
    """A form; Discord takes five parts."""
    return {
        "title": clipped(title, _TITLE),
        "custom_id": custom_id,
        "components": list(fields)[:MAX_FIELDS],
    }


def line(
    name: str,
    label: str,
    value: str = "",
    *,
    long: bool = False,
    limit: int = 1_000,
    required: bool = False,
) -> Json:
    """A labelled place to type in."""
    most = min(limit, _VALUE)
    element: Json = {
        "type": INPUT,
        "custom_id": name[:_WORDS],
        "style": 2 if long else 1,
        "required": required,
        "max_length": most,
    }
    if value:
        element["value"] = value[:most]
    return _field(label, element)


def upload(name: str, label: str, *, required: bool = False) -> Json:
    """A labelled place for one file."""
    element: Json = {"type": UPLOAD, "custom_id": name[:_WORDS], "max_values": 1}
    return _field(label, element | {"required": required, "min_values": int(required)})


def select(
    name: str, label: str, choices: Sequence[Choice], value: str = "", *, required: bool = False
) -> Json:
    """A labelled menu."""
    element: Json = {
        "type": MENU,
        "custom_id": name[:_WORDS],
        "options": _options(choices, value),
        "required": required,
    }
    return _field(label, element if required else element | {"min_values": 0})


def _field(label: str, element: Json) -> Json:
    return {"type": LABEL, "label": clipped(label, _FIELD), "component": element}


def _options(choices: Sequence[Choice], chosen: str = "") -> list[Json]:
    """Discord takes no value twice."""
    known = {each.value[:_WORDS]: each for each in choices if each.value}
    return [_option(value, each, chosen) for value, each in list(known.items())[:MAX_OPTIONS]]


def _option(value: str, choice: Choice, chosen: str) -> Json:
    made: Json = {"label": clipped(choice.label or value, _WORDS), "value": value}
    if choice.hint:
        made["description"] = clipped(choice.hint, _WORDS)
    return made | {"default": True} if chosen == choice.value else made


def clipped(words: str, most: int) -> str:
    """Plain words that Discord shows as they are, at most so many characters."""
    tidy = one_line(words) or JOINER
    return tidy if len(tidy) <= most else f"{tidy[: most - 1].rstrip()}…"
