"""Lines and private answers as messages; pure.

A line is the `content` of its message, which notifications and the search show. What its escaped
signs make too long for that, and several lines in one, are texts of the new kind of message.
"""

from collections.abc import Mapping, Sequence

from bridge.adapters.common.called import around
from bridge.adapters.workspaces.discord.cards import layout
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.refs import is_snowflake
from bridge.adapters.workspaces.discord.text.writing import JOINER, literal, write, written
from bridge.domain.ids import WorkspaceUserId
from bridge.domain.message import Author
from bridge.domain.names import tidy_name
from bridge.domain.text import FormattedText
from bridge.domain.value import Value

_NAME = 1
_FIRST = 10
"""Numbers of texts in a message: the speaker's name, and its first line."""
_MAX_NAME = 96
_MAX_TEXT = 3_800


class Line(Value):
    """One line as it is to be shown. A `note` is the team's own and looks so.

    The first `called` in the text is the one mentioned.
    """

    text: FormattedText
    name: str = ""
    mentions: tuple[WorkspaceUserId, ...] = ()
    note: bool = False
    called: str = ""


def speaker(author: Author, name: str) -> str:
    """Who speaks, as agents read it; the desk itself has no name."""
    return "" if author is Author.SYSTEM else layout.cut(tidy_name(name), _MAX_NAME)


def line_body(line: Line) -> Json:
    """The body that shows a line; it calls nobody but those who are mentioned."""
    users = [user for user in line.mentions if is_snowflake(user)]
    head = header(line)
    words = f"{head}\n{_words(line, users)}" if head else _words(line, users)
    shown = words if words.strip() else JOINER
    quiet = {"allowed_mentions": {"parse": [], "users": users, "replied_user": False}}
    if _length(shown) <= layout.MAX_CONTENT:
        return {"content": shown, "flags": layout.SUPPRESS_EMBEDS, **quiet}
    return {"components": [layout.text(shown)], "flags": layout.IS_COMPONENTS_V2, **quiet}


def header(line: Line) -> str:
    """Who speaks, and whether only the team reads it."""
    note = "📝" if line.note else ""
    name = f"**{literal(line.name)}**" if line.name else ""
    return " ".join(filter(None, (note, name)))


def _words(line: Line, users: Sequence[str]) -> str:
    found = around(line.text, line.called) if len(users) == 1 else None
    if found is not None:
        before, after = found
        return f"{literal(before)}<@{users[0]}>{write(after)}"
    called = "".join(f"<@{user}> " for user in users)
    return called + written(line.text, _MAX_TEXT)


def as_texts(body: Json) -> Json:
    """The same line as a message of the new kind, for one that is of it already."""
    if "components" in body:
        return {**body, "content": None}
    made = {key: value for key, value in body.items() if key != "content"}
    return {
        **made,
        "components": [layout.text(str(body["content"]))],
        "flags": layout.IS_COMPONENTS_V2,
    }


# --- several lines in one -----------------------------------------------------------------------


def joined_body(lines: Sequence[Line]) -> Json:
    """The body that shows these lines, all of one speaker."""
    head = header(lines[0])
    parts = [layout.text(head, _NAME)] if head else []
    parts += [_part(number, line) for number, line in enumerate(lines)]
    return texts_body(parts)


def texts_body(parts: Sequence[Json]) -> Json:
    """The body of a message that has these texts."""
    return {
        "components": list(parts),
        "flags": layout.IS_COMPONENTS_V2,
        "allowed_mentions": {"parse": [], "users": [], "replied_user": False},
    }


def with_part(components: Sequence[Json], part: int, line: Line) -> list[Json] | None:
    """The texts with another one for one line; None when that line was taken away."""
    if part_of(components, part) is None:
        return None
    new = _part(part, line)
    return [new if _is(text, part) else text for text in _kept(components)]


def without_part(components: Sequence[Json], part: int) -> list[Json]:
    """The texts without one line; empty when only the name is left."""
    left = [text for text in _kept(components) if not _is(text, part)]
    return left if any(text["id"] >= _FIRST for text in left) else []


def part_of(components: Sequence[Json], part: int) -> str | None:
    """What stands there for a line."""
    found = (str(text["content"]) for text in _kept(components) if _is(text, part))
    return next(found, None)


def shown_part(line: Line) -> str:
    """How a line stands among others."""
    words = written(line.text, _MAX_TEXT)
    return words if words.strip() else JOINER


def _part(part: int, line: Line) -> Json:
    return layout.text(shown_part(line), _FIRST + part)


def _kept(components: Sequence[Mapping[str, object]]) -> list[Json]:
    """Only what we give: Discord adds its own words to what it tells."""
    return [
        layout.text(str(one["content"]), int(str(one.get("id") or 0)))
        for one in layout.texts(list(map(dict, components)))
    ]


def _is(text: Json, part: int) -> bool:
    return bool(text["id"] == _FIRST + part)


def _length(words: str) -> int:
    """Discord does not say how it counts; as UTF-16 a text is longest."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2
