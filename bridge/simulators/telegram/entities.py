"""Entities of a text, in UTF-16 code units.

https://core.telegram.org/bots/api#messageentity and #formatting-options, read November 2026.
"""

import re
from collections.abc import Sequence
from itertools import combinations

from bridge.simulators.common.wire import Json, JsonObject, obj, txt
from bridge.simulators.telegram.errors import TelegramRefused

_NESTS = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_ALONE = frozenset({"pre", "code"})
_OTHERS = frozenset(
    {
        "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number",
        "text_link", "text_mention", "custom_emoji", "date_time",
    }
)  # fmt: skip
_KNOWN = _NESTS | _QUOTES | _ALONE | _OTHERS
_NEEDS = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w+)?)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{3,31})"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d_]\w*)"
)


def units(text: str) -> int:
    """How long a text is in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def part(text: str, offset: int, length: int) -> str:
    """What an entity covers. Raises `UnicodeDecodeError` where it cuts a character in two."""
    cut = text.encode("utf-16-le")[2 * offset : 2 * (offset + length)]
    return cut.decode("utf-16-le")


def checked(text: str, entities: Sequence[Json]) -> list[Json]:
    """The entities in their order. Raises `TelegramRefused` for those that cannot be."""
    spans = sorted((_checked(text, dict(obj(each))) for each in entities), key=_place)
    for one, other in combinations(spans, 2):
        _check_pair(one, other)
    return list(spans)


def found(text: str) -> list[Json]:
    """What Telegram itself makes of a text: links, mentions, commands."""
    return [
        {
            "offset": units(text[: match.start()]),
            "length": units(match.group()),
            "type": match.lastgroup,
        }
        for match in _FOUND.finditer(text)
    ]


def with_found(text: str, entities: Sequence[Json]) -> list[Json]:
    """The entities that were given, and what Telegram finds between them."""
    given = [obj(each) for each in entities]
    more = [
        each
        for each in found(text)
        if all(_apart(_span(obj(each)), _span(dict(other))) for other in given)
    ]
    return [*entities, *more]


def _span(entity: object) -> tuple[int, int]:
    said = obj(entity)  # type: ignore[arg-type]  # it came as JSON
    offset, length = said.get("offset"), said.get("length")
    assert isinstance(offset, int)
    assert isinstance(length, int)
    return offset, offset + length


def _place(entity: JsonObject) -> tuple[int, int]:
    begin, end = _span(entity)
    return begin, -end


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def _checked(text: str, entity: JsonObject) -> JsonObject:
    type_ = txt(entity.get("type"))
    begin, end = _span(entity)
    if type_ not in _KNOWN:
        raise TelegramRefused(400, f"can't parse MessageEntity: unsupported type {type_!r}")
    if not 0 <= begin < end <= units(text):
        raise TelegramRefused(400, "ENTITY_BOUNDS_INVALID")
    if type_ in _NEEDS and _NEEDS[type_] not in entity:
        raise TelegramRefused(400, f"can't parse MessageEntity: no {_NEEDS[type_]}")
    try:
        part(text, begin, end - begin)
        part(text, 0, begin)
    except UnicodeDecodeError as e:
        raise TelegramRefused(400, "entity begins or ends in a middle of a UTF-16 symbol") from e
    return entity


def _check_pair(one: JsonObject, other: JsonObject) -> None:
    """`one` begins first, or with `other` and is not the shorter."""
    inner, outer = _span(other), _span(one)
    if _apart(outer, inner):
        return
    types = txt(one.get("type")), txt(other.get("type"))
    if inner[1] > outer[1]:
        raise TelegramRefused(400, f"entities {types[0]} and {types[1]} overlap")
    if not _may_nest(*types):
        raise TelegramRefused(400, f"entity {types[1]} cannot be in {types[0]}")


def _may_nest(one: str, other: str) -> bool:
    both = {one, other}
    if both & _ALONE:
        return False
    if both <= _QUOTES:
        return False
    return bool(both & (_NESTS | _QUOTES))
