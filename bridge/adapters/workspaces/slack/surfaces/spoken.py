"""What somebody typed, with Slack's tokens, becomes the words of a command; pure."""

import re

from bridge.adapters.workspaces.slack.text.mrkdwn import unescape
from bridge.adapters.workspaces.slack.text.richtext import clean
from bridge.domain.value import Value

MENU = "menu"
"""Not a command of the desk: the buttons of the conversation, once more."""

_TOKEN = re.compile(r"<([^<>]*)>")
_COMMAND = re.compile(r"\s*!([A-Za-z][A-Za-z-]{0,30})(?:\s+(.*))?\s*", re.DOTALL)
_CALLED = re.compile(r"\s*<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>[\s:,]*(.*)", re.DOTALL)
_FIRST = re.compile(r"[!/]?(\S+)\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"\s*#(\d{1,15})(?:\s+(.*))?", re.DOTALL)


class Typed(Value):
    """A command in words; `called` says that the app was mentioned, so it is meant for us."""

    command: str
    text: str = ""
    called: bool = False


def typed(text: str, me: str) -> Typed | None:
    """The command that a message is; None for a plain line."""
    called = _CALLED.fullmatch(text)
    if called is not None and called.group(1) == me:
        first = _FIRST.fullmatch(called.group(2).strip())
        if first is None:
            return Typed(command=MENU, called=True)
        return Typed(command=_name(first.group(1)), text=words(first.group(2)), called=True)
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    return Typed(command=_name(found.group(1)), text=words(found.group(2) or ""))


def number_and_rest(text: str) -> tuple[int | None, str]:
    """The conversation that a text begins with (`#12`), and what follows it."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None, text.strip()
    return int(found.group(1)), (found.group(2) or "").strip()


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


def _name(word: str) -> str:
    return word.lower().strip(".,:;!?")
