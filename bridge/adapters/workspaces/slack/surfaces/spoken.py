"""What somebody typed, with Slack's tokens, becomes the words of a command; pure."""

import re

from msgspec.structs import replace

from bridge.adapters.common.spoken import Typed, called_command, typed_command
from bridge.adapters.workspaces.slack.text.mrkdwn import unescape
from bridge.adapters.workspaces.slack.text.richtext import clean

_TOKEN = re.compile(r"<([^<>]*)>")
_CALLED = re.compile(r"\s*<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>[\s:,]*(.*)", re.DOTALL)


def typed(text: str, me: str) -> Typed | None:
    """The command that a message is; None for a plain line."""
    called = _CALLED.fullmatch(text)
    if called is not None and called.group(1) == me:
        found: Typed | None = called_command(called.group(2))
    else:
        found = typed_command(text)
    return None if found is None else replace(found, text=words(found.text))


def words(text: str) -> str:
    """The text as commands are written: people `<@id>`, rooms `<#id>`, links by what they say."""
    parts = _TOKEN.split(text)
    parts[1::2] = map(_token, parts[1::2])
    parts[::2] = map(unescape, parts[::2])
    return clean("".join(parts)).strip()


def _token(inner: str) -> str:
    target, _, label = inner.partition("|")
    if target.startswith(("@", "#")):
        return f"<{target}>"
    if target.startswith("!"):
        return unescape(label) or f"@{target[1:].partition('^')[0]}"
    return unescape(label or target.removeprefix("mailto:").removeprefix("tel:"))
