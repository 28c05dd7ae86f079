"""What Slack reads in a text: mentions, links and dates, active or only characters."""

import re
from collections.abc import Iterator, Mapping

from bridge.simulators.slack.state.records import Cause, Entity

BROADCASTS = ("here", "channel", "everyone")

_CONTROL = re.compile(r"<([^<>]+)>")
_USER = re.compile(r"@([UW][A-Z0-9]+)\Z")
_CHANNEL = re.compile(r"#([CDG][A-Z0-9]+)\Z")
_SUBTEAM = re.compile(r"!subteam\^(S[A-Z0-9]+)\Z")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)\S+\Z", re.IGNORECASE)
_BARE_NAME = re.compile(r"(?<![\w@<])@([\w.-]*\w)")
_BARE_CHANNEL = re.compile(r"(?<![\w&#<])#([\w-]+)")
_BARE_ADDRESS = re.compile(r"(?<![<|\w])(https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"])")
_ESCAPED = re.compile(r"&(?:amp|lt|gt);")


def parse_control(body: str) -> tuple[str, str, str] | None:
    """What `<body>` is: (kind, target, label), or None where it is only characters."""
    target, _, label = body.partition("|")
    if match := _USER.match(target):
        return "user", match[1], label
    if match := _CHANNEL.match(target):
        return "channel", match[1], label
    if target.startswith("!"):
        return _special(target, label)
    if _ADDRESS.match(target):
        return "link", target, label
    return None


def _special(target: str, label: str) -> tuple[str, str, str] | None:
    if target[1:] in BROADCASTS:
        return "broadcast", target[1:], label
    if match := _SUBTEAM.match(target):
        return "usergroup", match[1], label
    if target.startswith("!date^"):
        return "date", target[1:], label
    return None


def controls(text: str, where: str, cause: Cause) -> Iterator[Entity]:
    """Every active `<…>` of a text. Escaped ones are characters and stay so."""
    for match in _CONTROL.finditer(text):
        found = parse_control(match[1])
        if found is not None:
            yield _entity(*found, where=where, cause=cause)


def bare_names(
    text: str, where: str, cause: Cause, names: Mapping[str, str], rooms: Mapping[str, str]
) -> Iterator[Entity]:
    """`@here`, `@ana` and `#general` without brackets, where Slack was asked to find them."""
    outside = _CONTROL.sub(" ", text)
    for match in _BARE_NAME.finditer(outside):
        name = match[1].lower()
        if name in BROADCASTS:
            yield _entity("broadcast", name, "", where=where, cause=cause)
        elif name in names:
            yield _entity("user", names[name], match[1], where=where, cause=cause)
    for match in _BARE_CHANNEL.finditer(outside):
        if match[1].lower() in rooms:
            target = rooms[match[1].lower()]
            yield _entity("channel", target, match[1], where=where, cause=cause)


def _entity(kind: str, target: str, label: str, *, where: str, cause: Cause) -> Entity:
    match kind:
        case "user" | "usergroup" | "broadcast" | "channel" | "link" | "date":
            return Entity(kind=kind, target=target, label=label, where=where, cause=cause)
        case _:
            raise ValueError(kind)


def processed(text: str, *, link: bool) -> str:
    """A text as Slack keeps it: stray `&`, `<` and `>` escaped, bare addresses in brackets.

    `link=False` is `parse="none"`: bare addresses stay as they are.
    """
    pieces: list[str] = []
    end = 0
    for match in _CONTROL.finditer(text):
        if parse_control(match[1]) is None:
            continue
        pieces += [_plain(text[end : match.start()], link=link), match[0]]
        end = match.end()
    pieces.append(_plain(text[end:], link=link))
    return "".join(pieces)


def _plain(text: str, *, link: bool) -> str:
    kept: list[str] = []
    end = 0
    for match in _ESCAPED.finditer(text):
        kept += [escaped(text[end : match.start()]), match[0]]
        end = match.end()
    kept.append(escaped(text[end:]))
    safe = "".join(kept)
    return _BARE_ADDRESS.sub(r"<\1>", safe) if link else safe


def escaped(text: str) -> str:
    """The three characters that Slack wants escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """What a reader sees of an escaped text. Decoded once, never read as tokens again."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_read(text: str, names: Mapping[str, str], rooms: Mapping[str, str]) -> str:
    """A kept text as a person reads it; `names` and `rooms` go from id to name."""
    pieces: list[str] = []
    end = 0
    for match in _CONTROL.finditer(text):
        found = parse_control(match[1])
        if found is None:
            continue
        pieces += [unescaped(text[end : match.start()]), _shown(*found, names, rooms)]
        end = match.end()
    pieces.append(unescaped(text[end:]))
    return "".join(pieces)


def _shown(
    kind: str, target: str, label: str, names: Mapping[str, str], rooms: Mapping[str, str]
) -> str:
    if kind == "user":
        return "@" + names.get(target, label or target)
    if kind == "channel":
        return "#" + rooms.get(target, label or target)
    if kind == "broadcast":
        return "@" + target
    return unescaped(label or target)
