"""What a person types, as Slack keeps it: text with tokens, and a rich_text block.

Slack's composer makes `*bold*`, `_italic_`, `~struck~` and `` `code` `` of what is typed so; the
text keeps the signs. Lists, quotes and blocks of code are not made here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.slack.entities import BROADCASTS, escaped

_TOKEN = re.compile(
    r"(?P<url>https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"])"
    r"|(?<![\w@])@(?P<name>[\w.-]*\w)"
    r"|(?<![\w&#])#(?P<room>[\w-]+)"
    r"|(?<![\w:]):(?P<emoji>[a-z0-9_+'-]+):"
)
_STYLES = {"bold": r"\*", "italic": "_", "strike": "~"}
_MARKS = frozenset({*_STYLES, "code"})
_STYLED = re.compile(
    rf"{_TOKEN.pattern}|`(?P<code>[^`\n]+)`|"
    + "|".join(
        rf"(?<![\w{sign}]){sign}(?!\s)(?P<{name}>[^{sign}\n]+?)(?<!\s){sign}(?![\w{sign}])"
        for name, sign in _STYLES.items()
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """A line as it leaves a person's Slack."""

    text: str
    blocks: tuple[Json, ...]


def typed(line: str, names: Mapping[str, str], rooms: Mapping[str, str]) -> Typed:
    """`names` and `rooms` go from lower-case name to id; a name nobody has stays text."""
    writing = _Writing(names, rooms)
    writing.write(line, {})
    section: JsonObject = {"type": "rich_text_section", "elements": writing.elements}
    blocks: tuple[Json, ...] = ({"type": "rich_text", "block_id": "typed", "elements": [section]},)
    return Typed(text="".join(writing.text), blocks=blocks if writing.elements else ())


class _Writing:
    """A line on its way into the text and the block."""

    def __init__(self, names: Mapping[str, str], rooms: Mapping[str, str]) -> None:
        self.text: list[str] = []
        self.elements: list[Json] = []
        self._names = names
        self._rooms = rooms

    def write(self, line: str, style: JsonObject) -> None:
        """Add all of this, in this style."""
        end = 0
        for match in _STYLED.finditer(line):
            styled = match.lastgroup in _MARKS
            found = None if styled else _token(match, self._names, self._rooms)
            if not (styled or found):
                continue
            self._plain(line[end : match.start()], style)
            if found is None:
                self._styled(match, str(match.lastgroup), style)
            else:
                self.text.append(found[0])
                self.elements.append(found[1] | _dressed(style))
            end = match.end()
        self._plain(line[end:], style)

    def _styled(self, match: re.Match[str], name: str, style: JsonObject) -> None:
        sign, inner = match[0][0], match[name]
        self.text.append(sign)
        if name == "code":
            self._plain(inner, style | {"code": True})
        else:
            self.write(inner, style | {name: True})
        self.text.append(sign)

    def _plain(self, piece: str, style: JsonObject) -> None:
        if piece:
            self.text.append(escaped(piece))
            self.elements.append({"type": "text", "text": piece, **_dressed(style)})


def _dressed(style: JsonObject) -> JsonObject:
    return {"style": style} if style else {}


def _token(
    match: re.Match[str], names: Mapping[str, str], rooms: Mapping[str, str]
) -> tuple[str, JsonObject] | None:
    """What stands in the text and in the block, or None where it is only text."""
    if url := match["url"]:
        return f"<{url}>", {"type": "link", "url": url}
    if emoji := match["emoji"]:
        return f":{emoji}:", {"type": "emoji", "name": emoji}
    if room := match["room"]:
        target = rooms.get(room.lower())
        return (f"<#{target}|>", {"type": "channel", "channel_id": target}) if target else None
    name = match["name"].lower()
    if name in BROADCASTS:
        return f"<!{name}>", {"type": "broadcast", "range": name}
    user = names.get(name)
    return (f"<@{user}>", {"type": "user", "user_id": user}) if user else None


def with_ids(text: str, names: Mapping[str, str], rooms: Mapping[str, str]) -> str:
    """A command's text with `should_escape`: `<@U1|ana>`, `<#C1|general>`, `<https://…>`."""

    def token(match: re.Match[str]) -> str:
        found = _token(match, names, rooms)
        if found is None or match["emoji"]:
            return match[0]
        if match["url"]:
            return found[0]
        word = match["name"] or match["room"]
        target = names.get(word.lower()) if match["name"] else rooms.get(word.lower())
        sigil = "@" if match["name"] else "#"
        return f"<{sigil}{target}|{word}>" if target else found[0]

    return _TOKEN.sub(token, text)
