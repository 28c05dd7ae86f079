"""What an agent typed in Discord becomes formatted text, and whom it mentions; pure.

https://support.discord.com/hc/articles/210298617 and discord.com/developers/docs/reference
#message-formatting (read November 2026). Never raises and never drops a word: a mark without its
partner stays as it was typed. Every pattern is linear.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bridge.domain.text import (
    Block,
    BlockQuote,
    Bold,
    Bullets,
    Code,
    CodeBlock,
    FormattedText,
    Italic,
    Link,
    Paragraph,
    Plain,
    Span,
    Strike,
)
from bridge.domain.value import Value

_FENCE = re.compile(r"```(?:[\w+.-]{1,40}\n)?\n?(.+?)\n?```", re.DOTALL)
_QUOTE = re.compile(r"> (.*)|>")
_HEADING = re.compile(r"#{1,3} +(.+?)(?: +#+)?")
_SMALL = re.compile(r"-# +(.+)")
_ITEM = re.compile(r"( *)(?:[-*]|(\d{1,9})\.) +(.+)")
_TOKEN = re.compile(
    r"""(?P<shrug>¯\\_\(ツ\)_/¯)
    | \\(?P<literal>[!-/:-@\[-`{-~])
    | (?P<ticks>`{1,2})(?P<code>[^`]|[^`].*?[^`])(?P=ticks)(?!`)
    | <@!?(?P<user>\d{1,20})>
    | <@&(?P<role>\d{1,20})>
    | <\#(?P<room>\d{1,20})>
    | </(?P<command>[^:<>\n]{1,100}):\d{1,20}>
    | <a?:(?P<emoji>\w{1,32}):\d{1,20}>
    | <t:(?P<moment>-?\d{1,13})(?::[tTdDfFRsS])?>
    | <id:(?P<screen>\w{1,32})>
    | <(?P<bare>https?://[^\s<>]+)>
    | \[(?P<label>[^\[\]\n]+)\]
      \(<?(?P<url>[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\ "[^"\n]*")?\)
    | (?P<seen>https?://[^\s<>]+)
    | \*\*\*(?P<both>[^\s*](?:.*?\S)?)\*\*\*
    | \*\*(?P<bold>[^\s*](?:.*?\S)?)\*\*(?!\*)
    | __(?P<underlined>.+?)__(?!_)
    | ~~(?P<strike>.+?)~~
    | \|\|(?P<spoiler>.+?)\|\|
    | \*(?P<italic>[^\s*](?:[^*]*?[^\s*])?)\*(?!\*)
    | (?<!\w)_(?P<slanted>[^_]+)_(?!\w)
    """,
    re.VERBOSE | re.DOTALL,
)
_NAMED = re.compile(r"<@!?(\d{1,20})>|<@&(\d{1,20})>|<#(\d{1,20})>|(?<!\w)@(everyone|here)\b")
_DEEPEST = 4
_MOST_MARKS = 400
"""A message of Discord's has 4,000 characters; one that is all marks is read as words."""


class Names(Value):
    """What people call those whom a message names, by id."""

    users: dict[str, str] = {}
    roles: dict[str, str] = {}
    rooms: dict[str, str] = {}


class Mentions(Value):
    """The members, roles and rooms that a text names by Discord's tokens."""

    users: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()
    everybody: bool = False

    @property
    def any(self) -> bool:
        """True when it names somebody or something of the server."""
        return bool(self.users or self.roles or self.rooms or self.everybody)


def mentioned(text: str) -> Mentions:
    """Everybody and everything that the text names; whom an answer answers is not among them."""
    found = [match.groups() for match in _NAMED.finditer(text)]
    return Mentions(
        users=frozenset(user for user, _, _, _ in found if user),
        roles=frozenset(role for _, role, _, _ in found if role),
        rooms=frozenset(room for _, _, room, _ in found if room),
        everybody=any(call for _, _, _, call in found),
    )


def to_text(text: str, names: Names) -> FormattedText:
    """The words as a customer may read them: names for ids, no name of an emoji is lost."""
    blocks: list[Block] = []
    at = 0
    for fence in _FENCE.finditer(text):
        blocks += _lines(text[at : fence.start()], names)
        blocks.append(CodeBlock(text=fence.group(1)))
        at = fence.end()
    blocks += _lines(text[at:], names)
    return tuple(blocks)


# --- blocks -----------------------------------------------------------------------------------


def _lines(text: str, names: Names) -> Iterator[Block]:
    """Runs of quoted, listed and other lines; `>>>` quotes everything that follows."""
    lines = text.strip("\n").split("\n") if text.strip("\n") else []
    first = next((at for at, line in enumerate(lines) if line.startswith(">>> ")), len(lines))
    yield from _runs(lines[:first], names)
    if first < len(lines):
        quoted = [lines[first].removeprefix(">>> "), *lines[first + 1 :]]
        yield BlockQuote(blocks=tuple(_runs(quoted, names)))


def _runs(lines: list[str], names: Names) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        end = _end_of_run(lines, at)
        yield _run(lines[at:end], names)
        at = end


def _kind(line: str) -> str:
    if _QUOTE.fullmatch(line):
        return "quote"
    if _HEADING.fullmatch(line) or _SMALL.fullmatch(line):
        return "heading"
    found = _ITEM.fullmatch(line)
    if found is not None:
        return "numbers" if found.group(2) else "bullets"
    return "words"


def _end_of_run(lines: list[str], at: int) -> int:
    """Where the lines end that belong together; a heading stands alone."""
    kind, end = _kind(lines[at]), at + 1
    while kind != "heading" and end < len(lines):
        nested = kind in ("bullets", "numbers") and lines[end].startswith(" ")
        if _kind(lines[end]) != kind and not (nested and _ITEM.fullmatch(lines[end])):
            break
        end += 1
    return end


def _run(lines: list[str], names: Names) -> Block:
    match _kind(lines[0]):
        case "quote":
            inner = "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines)
            return BlockQuote(blocks=(_paragraph(inner, names),))
        case "heading":
            heading = _HEADING.fullmatch(lines[0])
            if heading is not None:
                return Paragraph(spans=(Bold(spans=tuple(_spans(heading.group(1), names, 0))),))
            return _paragraph(lines[0].removeprefix("-#").lstrip(), names)
        case "bullets" | "numbers":
            return _bullets(lines, names)
        case _:
            return _paragraph("\n".join(lines), names)


def _paragraph(text: str, names: Names) -> Paragraph:
    return Paragraph(spans=tuple(_spans(text, names, 0)))


def _bullets(lines: list[str], names: Names) -> Bullets:
    """A list; what is further indented is a list of its own in the item before."""
    items: list[tuple[Block, ...]] = []
    found = [match for match in map(_ITEM.fullmatch, lines) if match is not None]
    indent, number = len(found[0].group(1)), found[0].group(2)
    at = 0
    while at < len(found):
        end = at + 1
        while end < len(found) and len(found[end].group(1)) > indent:
            end += 1
        inner = (_bullets(lines[at + 1 : end], names),) if end > at + 1 else ()
        items.append((_paragraph(found[at].group(3), names), *inner))
        at = end
    if number is None:
        return Bullets(items=tuple(items))
    return Bullets(items=tuple(items), ordered=True, start=int(number))


# --- spans ------------------------------------------------------------------------------------


def _spans(text: str, names: Names, depth: int) -> Iterator[Span]:
    at = 0
    words: list[str] = []
    for count, found in enumerate(_TOKEN.finditer(text)):
        if count >= _MOST_MARKS:
            break
        words.append(text[at : found.start()])
        at = found.end()
        span = _span(found, names, depth)
        if isinstance(span, str):
            words.append(span)
            continue
        yield from _said(words)
        words = []
        yield from span
    words.append(text[at:])
    yield from _said(words)


def _said(words: list[str]) -> Iterator[Plain]:
    text = "".join(words)
    if text:
        yield Plain(text=text)


def _span(found: re.Match[str], names: Names, depth: int) -> str | tuple[Span, ...]:
    """What a token says: words, or spans of their own."""
    kind = next(name for name, said in found.groupdict().items() if said and name not in _ASIDE)
    inner = found[kind]
    match kind:
        case "literal" | "shrug":
            return inner
        case "code":
            return (Code(text=inner.strip() or inner),)
        case "label":
            return (_link(found["url"], inner),)
        case "bare" | "seen":
            return inner
        case "both" | "bold" | "italic" | "slanted" | "strike" | "underlined" | "spoiler":
            return _marked(kind, found, names, depth)
        case _:
            return _named(kind, inner, names)


_ASIDE = frozenset({"ticks", "url"})


def _marked(kind: str, found: re.Match[str], names: Names, depth: int) -> str | tuple[Span, ...]:
    """Emphasis; there is none for what is underlined or hidden: only the words are left."""
    if depth >= _DEEPEST:
        return found.group()
    spans = tuple(_spans(found[kind], names, depth + 1))
    match kind:
        case "both":
            return (Bold(spans=(Italic(spans=spans),)),)
        case "bold":
            return (Bold(spans=spans),)
        case "italic" | "slanted":
            return (Italic(spans=spans),)
        case "strike":
            return (Strike(spans=spans),)
        case _:
            return spans


def _named(kind: str, inner: str, names: Names) -> str:
    """Somebody, something, a command, a picture or a moment, as words."""
    match kind:
        case "user":
            return f"@{names.users.get(inner, inner)}"
        case "role":
            return f"@{names.roles.get(inner) or inner}"
        case "room":
            return f"#{names.rooms.get(inner) or inner}"
        case "command":
            return f"/{inner}"
        case "emoji":
            return f":{inner}:"
        case "moment":
            return _moment(int(inner))
        case _:
            return f"#{inner}"


def _moment(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def _link(url: str, label: str) -> Span:
    """A link whose address is seen; words where it leads nowhere or says no more."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Plain(text=f"{label} ({url})")
    if parts.scheme.lower() not in ("http", "https", "mailto", "tel"):
        return Plain(text=f"{label} ({url})")
    if label.removesuffix("/") in (url.removesuffix("/"), url.partition("//")[2].removesuffix("/")):
        return Plain(text=url)
    return Link(url=url, spans=(Plain(text=label),))
