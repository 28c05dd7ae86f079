"""Lines and private answers as Slack messages; pure.

Every message is rich text, which Slack does not parse, and a fallback for notifications, which is
escaped. Both are said never to be parsed, whatever Slack's defaults are (`chat.update` parses).
"""

import re
from collections.abc import Sequence

from bridge.adapters.common.called import around
from bridge.adapters.workspaces.slack.blocks.actions import action_id, button_value
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.text.richtext import clean, person, rich_text, words
from bridge.domain.delivery import OfferedCommand
from bridge.domain.ids import WorkspaceUserId
from bridge.domain.message import Author
from bridge.domain.names import tidy_name
from bridge.domain.text import FormattedText, to_plain
from bridge.domain.value import Value

LINE_EVENT = "deskbridge_line"
THREAD_EVENT = "deskbridge_thread"

_MAX_FALLBACK = 3_800
"""Bytes after escaping: `chat.update` refuses a text of more than 4,000 (`msg_too_long`)."""
_MAX_BUTTON = 75
_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_MAX_PLACE = 13
"""Of a customers' channel behind a customer's name: Slack takes 80 characters in all."""
_NO_BRACKETS = str.maketrans("<>", "‹›")
# Not even a client that looks for them on its own shall find them in a notification.
_CALLS_ALL = re.compile(r"@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


class Line(Value):
    """One line as it is to be shown. `name` stands in the text unless `customised`.

    A `note` is the team's own and looks so. The first `called` in the text is the one mentioned.
    """

    text: FormattedText
    name: str = ""
    customised: bool = False
    mentions: tuple[WorkspaceUserId, ...] = ()
    note: bool = False
    called: str = ""


def speaker(author: Author, name: str, channel: str) -> str:
    """Who speaks, as agents read it: a customer with the channel he is on, so that nobody takes
    him for a colleague.

    The desk says the channel, too; what it said may be cut off a long name, so it is said here.
    """
    if author is Author.SYSTEM:
        return ""
    if author is not Author.CUSTOMER:
        return _tidy(name)
    before, _, after = name.rpartition(f" ({channel})")
    place, own = _tidy(channel)[:_MAX_PLACE], _tidy(before + after)
    return f"{own} ({place})" if place else own


def _tidy(name: str) -> str:
    return tidy_name(name).translate(_NO_BRACKETS)


def message(line: Line) -> Json:
    """The arguments of `chat.postMessage` and `chat.update` that show a line."""
    named = clean(line.name) and not line.customised
    before = beginning(line)
    if named:
        before = [*before, words(line.name, bold=True), words("\n")]
    fallback = to_plain(line.text)
    mentions, text = _mentions(line)
    shown = {
        "blocks": rich_text(text, [*before, *mentions]) or rich_text((), [words(" ")]),
        "text": escaped(f"{line.name}: {fallback}" if named else fallback) or " ",
        **NEVER_PARSED,
    }
    return shown | {"username": line.name} if line.name and line.customised else shown


def beginning(line: Line) -> list[Json]:
    """What tells a note from an answer."""
    return [{"type": "emoji", "name": "memo"}, words(" ")] if line.note else []


def _mentions(line: Line) -> tuple[list[Json], FormattedText]:
    """Who is mentioned, with what stands before that, and the text that follows."""
    users = [user for user in line.mentions if _USER.fullmatch(user)]
    found = around(line.text, line.called) if len(users) == 1 else None
    if found is not None:
        before, after = found
        return [*([words(before)] if before else []), person(users[0])], after
    return [each for user in users for each in (person(user), words(" "))], line.text


NEVER_PARSED: Json = {
    "parse": "none",
    "link_names": False,
    "unfurl_links": False,
    "unfurl_media": False,
}


def private_answer(
    text: FormattedText,
    offers: Sequence[OfferedCommand],
    labels: Sequence[str],
    number: int | None,
) -> Json:
    """What one person is told, with a button for each offer; `labels` are what they say."""
    blocks = rich_text(text) or rich_text((), [words(" ")])
    if offers:
        buttons = [
            button(offer.command, label, number, offer.arguments, place=place)
            for place, (offer, label) in enumerate(zip(offers, labels, strict=True))
        ]
        blocks.append({"type": "actions", "elements": buttons})
    return {"blocks": blocks, "text": escaped(to_plain(text)) or " ", **NEVER_PARSED}


def button(
    command: str,
    label: str,
    number: int | None,
    arguments: dict[str, str],
    *,
    place: int = 0,
    primary: bool = False,
) -> Json:
    """A button that runs a command."""
    made: Json = {
        "type": "button",
        "action_id": action_id(command, place),
        "text": plain_text(label, _MAX_BUTTON),
        "value": button_value(number, arguments),
    }
    return made | {"style": "primary"} if primary else made


def plain_text(text: str, limit: int) -> Json:
    """Text that Slack shows as it is."""
    tidy = clean(text) or " "
    cut = tidy if len(tidy) <= limit else tidy[: limit - 1] + "…"
    return {"type": "plain_text", "text": cut, "emoji": False}


def escaped(text: str) -> str:
    """Text for a field that Slack parses: there is nothing left to be parsed.

    It is only a notification's: what is too long for one ends with an ellipsis.
    """
    tidy = clean(text)
    safe, length = _escaped(tidy), min(len(tidy), _MAX_FALLBACK)
    while len(safe.encode()) > _MAX_FALLBACK:
        safe, length = _escaped(tidy[:length]) + "…", length * 3 // 4
    return safe


def _escaped(text: str) -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALLS_ALL.sub("@" + _WORD_JOINER, safe)


def metadata(event: str, payload: Json) -> Json:
    """Our own ids on a message, by which it is found again; any member may read them."""
    return {"event_type": event, "event_payload": payload}
