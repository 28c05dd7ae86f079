"""A conversation's card as Slack blocks: the root of its thread; pure.

Everything that people wrote stands in rich text or plain text, which Slack does not parse.
Moments are dates of Slack's, which every reader sees in his own time zone; a countdown in our own
words would be false a minute later, and a card is edited too rarely to keep it true.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from bridge.adapters.common import labels
from bridge.adapters.common.card_actions import with_note
from bridge.adapters.workspaces.slack.blocks.actions import MENU, menu_value
from bridge.adapters.workspaces.slack.blocks.outbound import (
    NEVER_PARSED,
    button,
    escaped,
    plain_text,
)
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.refs import Place
from bridge.adapters.workspaces.slack.text.richtext import section, words
from bridge.domain.card import CardAction, CardLine, ConversationCard
from bridge.domain.conversation import Priority, State
from bridge.domain.ids import SECOND, Instant
from bridge.domain.message import Receipt
from bridge.domain.ticket import Ticket
from bridge.domain.value import Value
from bridge.locales import say

_MOST_BUTTONS = 4
_MOST_IN_MENU = 5
_MAX_OPTION = 75
_MAX_FACT = 150
_MOST_TICKETS = 10
_MAX_EXCERPT = 300
_MAX_TOLD = 2_000
_RINGS = (Priority.URGENT, Priority.HIGH)


class Frame(Value):
    """What is not the card's own: the language of the room, and where a link of ours leads."""

    language: str
    url: str = ""
    moved_to: Place | None = None


def card_message(card: ConversationCard, frame: Frame) -> Json:
    """The arguments of `chat.postMessage` and `chat.update` that show the card."""
    blocks: list[Json] = [{"type": "rich_text", "elements": [section(_head(card, frame))]}]
    facts = [plain_text(fact, _MAX_FACT) for fact in _facts(card, frame)]
    if facts:
        blocks.append({"type": "context", "elements": facts})
    body = [*_moments(card, frame), *_told(card, frame), *_lines(card), *_tickets(card, frame)]
    if body:
        blocks.append({"type": "rich_text", "elements": body})
    if card.actions:
        blocks.append({"type": "actions", "elements": _controls(card, frame)})
    state = say(frame.language, f"workspace.state.{card.state.value}")
    title = f"#{card.number} {card.customer} · {card.channel} · {state}"
    return {"blocks": blocks, "text": escaped(title), **NEVER_PARSED}


def digest(message: Json) -> str:
    """The same for two cards that look the same."""
    return hashlib.sha256(msgspec.json.encode(message, order="sorted")).hexdigest()[:32]


def _head(card: ConversationCard, frame: Frame) -> Iterator[Json]:
    yield {"type": "emoji", "name": "large_green_circle" if card.dot else "large_brown_circle"}
    yield words(" ")
    if card.priority in _RINGS:
        urgent = card.priority is Priority.URGENT
        yield {"type": "emoji", "name": "rotating_light" if urgent else "small_red_triangle"}
        yield words(" ")
    yield words(card.customer or "?", bold=True)
    yield words(f"  ·  {card.channel}  ·  #{card.number}")
    if frame.moved_to is not None and frame.url:
        yield words("\n" + say(frame.language, "workspace.card.moved") + " ")
        yield {"type": "link", "url": permalink(frame.url, frame.moved_to)}
    elif card.moved_to:
        yield words(f"\n{say(frame.language, 'workspace.card.moved')} {card.moved_to}")


def permalink(url: str, place: Place) -> str:
    """Slack's own link to a message."""
    return f"{url.rstrip('/')}/archives/{place.channel}/p{place.ts.replace('.', '')}"


def _facts(card: ConversationCard, frame: Frame) -> Iterator[str]:
    held = card.agent and card.state is State.ASSIGNED
    waits = card.waiting_since is not None and card.state is State.WAITING
    asked = card.agent and card.state is State.OFFERED
    if not (held or waits or asked):  # who has him, or since when he waits, says it better
        yield say(frame.language, f"workspace.state.{card.state.value}")
    if card.agent:
        key = "offered" if asked else "agent"
        yield say(frame.language, f"workspace.card.{key}", agent=card.agent)
    if card.opens:
        yield card.opens
    if card.queue:
        yield say(frame.language, "workspace.card.queue", queue=card.queue)
    if card.priority is not Priority.NORMAL:
        yield say(frame.language, f"workspace.priority.{card.priority.word}")
    if card.receipt is not Receipt.NONE:
        yield say(frame.language, f"workspace.receipt.{card.receipt.name.lower()}")


def _moments(card: ConversationCard, frame: Frame) -> Iterator[Json]:
    shown = (
        (card.waiting_since, "workspace.card.waiting_since", "{time}"),
        (card.overdue_since, "workspace.card.overdue", "{time}"),
        (card.window_until, "workspace.card.window_until", "{date_short_pretty} {time}"),
    )
    for at, key, format_ in shown:
        if at is not None:
            yield section((words(say(frame.language, key) + " "), _moment(at, format_)))


def _moment(at: Instant, format_: str) -> Json:
    fallback = datetime.fromtimestamp(at / SECOND, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return {"type": "date", "timestamp": at // SECOND, "format": format_, "fallback": fallback}


def _told(card: ConversationCard, frame: Frame) -> Iterator[Json]:
    reason = labels.reason(card.reason, frame.language)
    for key, text in (("reason", reason), ("summary", card.summary)):
        if text:
            label = say(frame.language, f"workspace.card.{key}")
            yield section((words(f"{label} ", bold=True), words(text[:_MAX_TOLD])))


def _lines(card: ConversationCard) -> Iterator[Json]:
    if card.lines:
        elements = [each for line in card.lines for each in _line(line)]
        yield {"type": "rich_text_quote", "elements": elements[:-1]}


def _line(line: CardLine) -> Iterator[Json]:
    if line.name:
        yield words(f"{line.name}: ", bold=True)
    yield words(line.excerpt[:_MAX_EXCERPT] or " ")
    yield words("\n")


def _tickets(card: ConversationCard, frame: Frame) -> Iterator[Json]:
    still_open = [ticket for ticket in card.tickets if not ticket.closed]
    if not still_open:
        return
    yield section((words(say(frame.language, "workspace.card.tickets"), bold=True),))
    items = [
        section((words(_ticket(ticket, frame.language)),)) for ticket in still_open[:_MOST_TICKETS]
    ]
    if len(still_open) > _MOST_TICKETS:
        more = say(frame.language, "workspace.card.more", count=len(still_open) - _MOST_TICKETS)
        items.append(section((words(more),)))
    yield {"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": items}


def _ticket(ticket: Ticket, language: str) -> str:
    about = " ".join(ticket.description.split())[:_MAX_EXCERPT]
    kind = labels.choice("type", ticket.type, language)
    status = labels.choice("status", ticket.status, language)
    return " · ".join(filter(None, (ticket.name, kind, status, about)))


def _controls(card: ConversationCard, frame: Frame) -> list[Json]:
    """Buttons for the first few, the main one first; a menu for the rest."""
    ordered = sorted(with_note(card.actions), key=lambda action: not action.primary)
    fits = len(ordered) <= _MOST_BUTTONS + 1
    split_at = len(ordered) if fits else max(_MOST_BUTTONS, len(ordered) - _MOST_IN_MENU)
    shown: list[Json] = [
        button(
            action.command,
            labels.action_label(action, frame.language),
            card.number,
            action.arguments,
            place=place,
            primary=action.primary,
        )
        for place, action in enumerate(ordered[:split_at])
    ]
    if ordered[split_at:]:
        options = [_option(card, action, frame) for action in ordered[split_at:]]
        shown.append({"type": "overflow", "action_id": MENU, "options": options})
    return shown


def _option(card: ConversationCard, action: CardAction, frame: Frame) -> Json:
    value = menu_value(action.command, card.number, action.arguments)
    label = plain_text(labels.action_label(action, frame.language), _MAX_OPTION)
    return {"text": label, "value": value}
