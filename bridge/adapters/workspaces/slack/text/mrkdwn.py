"""Slack's marks in a plain `text` become formatted text; pure.

Never raises and never drops a word: a mark without its partner stays as it was typed. Every
pattern is linear: a text of any length is read in time that grows with it.
"""

import re
from collections.abc import Iterator, Mapping

from bridge.adapters.workspaces.slack.text.emoji import unicode_of
from bridge.adapters.workspaces.slack.text.links import link
from bridge.domain.text import (
    Block,
    BlockQuote,
    Bold,
    Code,
    CodeBlock,
    FormattedText,
    Italic,
    Paragraph,
    Plain,
    Span,
    Strike,
)

_FENCE = re.compile(r"```\n?([^`]+?)\n?```")
_TOKEN = re.compile(
    r"""`(?P<code>[^`\n]+)`
    | <(?P<link>[^<>\n]+)>
    | (?<!\w)\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?!\w)
    | (?<!\w)_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?!\w)
    | (?<!\w)~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?!\w)
    | :(?P<emoji>[a-z0-9_+'-]{1,64}(?:::skin-tone-[2-6])?):
    """,
    re.VERBOSE,
)
_BETWEEN = re.compile(r"<([^<>\n]+)>")
_QUOTE = re.compile(r"&gt; ?(.*)")
_DEEPEST = 4


def parse(text: str, names: Mapping[str, str]) -> FormattedText:
    """The words of a text with Slack's marks, with names for ids."""
    blocks: list[Block] = []
    at = 0
    for fence in _FENCE.finditer(text):
        blocks += _lines(text[at : fence.start()], names)
        blocks.append(CodeBlock(text=_words(fence.group(1), names)))
        at = fence.end()
    blocks += _lines(text[at:], names)
    return tuple(blocks)


def _lines(text: str, names: Mapping[str, str]) -> Iterator[Block]:
    """Runs of quoted and of other lines."""
    run: list[str] = []
    quoted = False
    for line in text.strip("\n").split("\n") if text.strip("\n") else ():
        found = _QUOTE.fullmatch(line)
        if (found is not None) != quoted and run:
            yield _run(run, quoted, names)
            run = []
        quoted = found is not None
        run.append(line if found is None else found.group(1))
    if run:
        yield _run(run, quoted, names)


def _run(lines: list[str], quoted: bool, names: Mapping[str, str]) -> Block:
    paragraph = Paragraph(spans=tuple(_spans("\n".join(lines), names, 0)))
    return BlockQuote(blocks=(paragraph,)) if quoted else paragraph


def _spans(text: str, names: Mapping[str, str], depth: int) -> Iterator[Span]:
    at = 0
    for found in _TOKEN.finditer(text):
        if found.start() > at:
            yield Plain(text=unescape(text[at : found.start()]))
        yield _span(found, names, depth)
        at = found.end()
    if at < len(text):
        yield Plain(text=unescape(text[at:]))


def _span(found: re.Match[str], names: Mapping[str, str], depth: int) -> Span:
    kind, inner = found.lastgroup or "", found.group(found.lastgroup or 0)
    match kind:
        case "code":
            return Code(text=_words(inner, names))
        case "link":
            return _token(inner, names)
        case "emoji":
            return Plain(text=unicode_of(inner) or found.group())
        case _ if depth >= _DEEPEST:
            return Plain(text=unescape(found.group()))
    spans = tuple(_spans(inner, names, depth + 1))
    if kind == "bold":
        return Bold(spans=spans)
    return Italic(spans=spans) if kind == "italic" else Strike(spans=spans)


def _token(inner: str, names: Mapping[str, str]) -> Span:
    """What stands between `<` and `>`: somebody, something, a call, a date or a link."""
    target, _, label = inner.partition("|")
    label = unescape(label)
    id = target[1:]
    match target[:1]:
        case "@":
            return Plain(text=f"@{names.get(id) or label or id}")
        case "#":
            return Plain(text=f"#{names.get(id) or label or id}")
        case "!":
            return Plain(text=_special(id, label, names))
        case _:
            return link(unescape(target), label)


def _special(id: str, label: str, names: Mapping[str, str]) -> str:
    if id.startswith("subteam^"):
        group = id.removeprefix("subteam^")
        return f"@{names.get(group) or label.removeprefix('@') or group}"
    return label or f"@{id.partition('^')[0]}"


def _words(text: str, names: Mapping[str, str]) -> str:
    """Code is as it was typed, but Slack turns addresses and people in it into tokens, too."""
    parts = _BETWEEN.split(text)
    for at in range(1, len(parts), 2):
        span = _token(parts[at], names)
        address = unescape(parts[at].partition("|")[0])
        parts[at] = span.text if isinstance(span, Plain) else address
    parts[::2] = map(unescape, parts[::2])
    return "".join(parts)


def unescape(text: str) -> str:
    """The three characters that Slack escapes, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
