"""A conversation's card: the message that its thread begins with; pure.

Everything that people wrote is escaped. Moments are Discord's own, which every reader sees in his
time zone, and which go on counting while nobody edits the card.
"""

import hashlib
from collections.abc import Iterator

import msgspec

from bridge.adapters.common import labels
from bridge.adapters.common.card_actions import with_note
from bridge.adapters.workspaces.discord.cards import layout
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import PICKED, Pressed, custom_id
from bridge.adapters.workspaces.discord.text.writing import literal
from bridge.domain.card import CardAction, CardLine, ConversationCard
from bridge.domain.conversation import Priority, State
from bridge.domain.ids import SECOND, Instant
from bridge.domain.message import Receipt
from bridge.domain.names import tidy_name
from bridge.domain.ticket import Ticket
from bridge.domain.value import Value
from bridge.locales import say

_GREEN, _BROWN = 0x2ECC71, 0x8B5A2B
_BELL = {Priority.URGENT: " 🚨", Priority.HIGH: " 🔺"}
_PRIORITY = CardAction(command="priority")
_MOST_TICKETS = 10
_MAX_FACT = 120
_MAX_EXCERPT = 300
_MAX_TOLD = 700
_MAX_BODY = 3_000


class Frame(Value):
    """What is not the card's own: the room's language, the server, and what time it is."""

    language: str
    guild: str
    now: Instant


def card_message(card: ConversationCard, frame: Frame) -> Json:
    """The body of a message that shows the card; it calls nobody."""
    head = [layout.text("\n".join((*_head(card), _facts(card, frame), *_moments(card, frame))))]
    body = _within("\n".join((*_told(card, frame), *_lines(card), *_tickets(card, frame))))
    parts = [*head, *([layout.separator(), layout.text(body)] if body else ())]
    box = layout.container(_GREEN if card.dot else _BROWN, parts)
    return {
        "components": [box, *_controls(card, frame)],
        "flags": layout.IS_COMPONENTS_V2,
        "allowed_mentions": {"parse": []},
    }


def digest(*shown: object) -> str:
    """The same for two cards that look the same."""
    return hashlib.sha256(msgspec.json.encode(shown, order="sorted")).hexdigest()[:32]


def _head(card: ConversationCard) -> Iterator[str]:
    dot = "🟢" if card.dot else "🟤"
    names = f"{_name(card.customer) or '?'} · {_name(card.channel)} · #{card.number}"
    yield f"### {dot} {names}{_BELL.get(card.priority, '')}"


def _name(name: str) -> str:
    return literal(tidy_name(name))


def _facts(card: ConversationCard, frame: Frame) -> str:
    """How it stands; the first of the facts is the one to see."""
    first, *rest = _each_fact(card, frame)
    return "  ·  ".join((f"**{first}**", *rest))


def _each_fact(card: ConversationCard, frame: Frame) -> Iterator[str]:
    """Since when he waits, or who has him, says more than the state's own word."""
    if card.waiting_since is not None and card.state is State.WAITING:
        at = _moment(card.waiting_since, "t")
        yield say(frame.language, "discord.card.waiting_since", moment=at)
    elif not (card.agent and card.state in (State.ASSIGNED, State.OFFERED)):
        yield _fact(say(frame.language, f"workspace.state.{card.state.value}"))
    if card.agent:
        key = "offered" if card.state is State.OFFERED else "agent"
        yield _fact(say(frame.language, f"workspace.card.{key}", agent=card.agent))
    if card.opens:
        yield _fact(card.opens)
    if card.overdue_since is not None:
        at = _moment(card.overdue_since, "t")
        yield f"⏰ {say(frame.language, 'workspace.card.overdue')} {at}"
    if card.queue:
        yield _fact(say(frame.language, "workspace.card.queue", queue=card.queue))
    if card.priority is not Priority.NORMAL and _PRIORITY not in card.actions:
        yield _fact(say(frame.language, f"workspace.priority.{card.priority.word}"))
    if card.receipt is not Receipt.NONE:
        yield _fact(say(frame.language, f"workspace.receipt.{card.receipt.name.lower()}"))


def _fact(fact: str) -> str:
    return literal(layout.cut(" ".join(fact.split()), _MAX_FACT))


def _moments(card: ConversationCard, frame: Frame) -> Iterator[str]:
    """The small print."""
    if card.window_until is not None and card.dot:
        key = "window_until" if card.window_until > frame.now else "window_over"
        said = say(frame.language, f"discord.card.{key}", moment=_moment(card.window_until, "f"))
        yield f"-# {said}"
    if card.moved_to.isdecimal():
        address = thread_address(frame.guild, card.moved_to)
        yield f"{say(frame.language, 'workspace.card.moved')} {address}"
    elif card.moved_to:
        yield f"{say(frame.language, 'workspace.card.moved')} {literal(card.moved_to)}"


def thread_address(guild: str, thread: str) -> str:
    """Discord's own link to a thread; it is shown with the thread's title."""
    return f"https://discord.com/channels/{guild}/{thread}"


def _moment(at: Instant, style: str) -> str:
    seconds = at // SECOND
    return f"<t:{seconds}:{style}> (<t:{seconds}:R>)"


def _told(card: ConversationCard, frame: Frame) -> Iterator[str]:
    for key, told in (
        ("reason", labels.reason(card.reason, frame.language)),
        ("summary", card.summary),
    ):
        if told:
            label = say(frame.language, f"workspace.card.{key}")
            yield f"**{label}** {literal(layout.cut(told, _MAX_TOLD))}"


def _lines(card: ConversationCard) -> Iterator[str]:
    for line in card.lines:
        yield f"> {_line(line)}"


def _line(line: CardLine) -> str:
    words = literal(layout.cut(" ".join(line.excerpt.split()), _MAX_EXCERPT))
    return f"**{_name(line.name)}:** {words}" if line.name else words


def _tickets(card: ConversationCard, frame: Frame) -> Iterator[str]:
    still_open = [ticket for ticket in card.tickets if not ticket.closed]
    if not still_open:
        return
    yield f"**{say(frame.language, 'workspace.card.tickets')}**"
    for ticket in still_open[:_MOST_TICKETS]:
        yield f"- {literal(_ticket(ticket, frame.language))}"
    if len(still_open) > _MOST_TICKETS:
        more = len(still_open) - _MOST_TICKETS
        yield f"- {say(frame.language, 'workspace.card.more', count=more)}"


def _ticket(ticket: Ticket, language: str) -> str:
    about = " ".join(ticket.description.split())
    kind = labels.choice("type", ticket.type, language)
    status = labels.choice("status", ticket.status, language)
    said = " · ".join(filter(None, (ticket.name, kind, status, about)))
    return layout.cut(said, _MAX_EXCERPT)


def _within(body: str) -> str:
    """Whole lines, as many as have room."""
    if len(body) <= _MAX_BODY:
        return body
    end = body.rfind("\n", 0, _MAX_BODY)
    return f"{body[: end if end > 0 else _MAX_BODY]}\n…"


def _controls(card: ConversationCard, frame: Frame) -> Iterator[Json]:
    """Buttons, the main one first; the priority is chosen where it is read."""
    ordered = sorted(with_note(card.actions), key=lambda action: not action.primary)
    buttons = [each for each in ordered if each != _PRIORITY]
    yield from layout.rows(
        [_button(card, action, place, frame) for place, action in enumerate(buttons)]
    )
    if _PRIORITY in ordered:
        yield _priority(card, frame)


def _priority(card: ConversationCard, frame: Frame) -> Json:
    pressed = Pressed(command="priority", number=card.number, arguments={PICKED: "level"})
    levels = [
        (level.word, say(frame.language, f"workspace.priority.{level.word}")) for level in Priority
    ]
    return layout.menu(custom_id(pressed), levels, card.priority.word)


def _button(card: ConversationCard, action: CardAction, place: int, frame: Frame) -> Json:
    pressed = Pressed(command=action.command, number=card.number, arguments=action.arguments)
    twice = sum(other.command == action.command for other in card.actions) > 1
    return layout.button(
        labels.action_label(action, frame.language),
        custom_id(pressed, place if twice else 0),
        primary=action.primary,
    )
