"""What a person types, as Slack keeps it: text with tokens, and a rich_text block."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """A line as it leaves a person's Slack."""

    text: str
    blocks: tuple[Json, ...]


def typed(line: str, names: Mapping[str, str], rooms: Mapping[str, str]) -> Typed:
    """`names` and `rooms` go from lower-case name to id; a name nobody has stays text."""
    text: list[str] = []
    elements: list[Json] = []
    end = 0
    for match in _TOKEN.finditer(line):
        found = _token(match, names, rooms)
        if found is None:
            continue
        _plain(line[end : match.start()], text, elements)
        text.append(found[0])
        elements.append(found[1])
        end = match.end()
    _plain(line[end:], text, elements)
    section: JsonObject = {"type": "rich_text_section", "elements": elements}
    blocks: tuple[Json, ...] = ({"type": "rich_text", "block_id": "typed", "elements": [section]},)
    return Typed(text="".join(text), blocks=blocks if elements else ())


def _plain(piece: str, text: list[str], elements: list[Json]) -> None:
    if piece:
        text.append(escaped(piece))
        elements.append({"type": "text", "text": piece})


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
