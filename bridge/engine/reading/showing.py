"""Says a view in words, for surfaces that answer a command with text."""

from collections.abc import Iterable

from bridge.commands.speech import length, our_word
from bridge.domain.ids import Instant
from bridge.domain.text import Block, Bold, Bullets, FormattedText, Paragraph, Plain, Span
from bridge.domain.ticket import Ticket
from bridge.locales import say
from bridge.ports.commands import Answer
from bridge.ports.queries import (
    Actions,
    AgentRow,
    Agents,
    Choices,
    ConversationRow,
    Conversations,
    ConversationView,
    History,
    Home,
    QueueRow,
    Queues,
    Tickets,
    View,
)


def shown(view: View | None, language: str, now: Instant) -> Answer:
    """The answer that shows a view; None is something that is not there for the asker."""
    if view is None:
        return Answer(ok=False, code="unknown_conversation", text=_line(say(language, "view.none")))
    return Answer(ok=True, code="shown", text=tuple(_blocks(view, language, now)))


def _blocks(view: View, language: str, now: Instant) -> Iterable[Block]:
    match view:
        case Conversations(rows=rows):
            return _list(say(language, "view.conversations", count=len(rows)), rows, language, now)
        case Queues(rows=queues):
            return [block for queue in queues for block in _queue(queue, language, now)]
        case History(number=number, sentences=sentences):
            title = say(language, "view.events", number=number)
            return [_title(title), _bullets(sentences)]
        case Tickets():
            return _tickets(view, language)
        case ConversationView(row=row):
            return _list(f"#{row.number}", (row,), language, now)
        case Home(holding=holding, waiting=waiting, waits=waits):
            held = _list(say(language, "view.mine", count=len(holding)), holding, language, now)
            title = say(language, "view.waiting", count=waits)
            return [*held, *_list(title, waiting, language, now)]
        case Agents(rows=agents):
            return [_bullets(_agent(agent, language) for agent in agents)]
        case Actions(rows=buttons):
            return [_bullets(f"/{button.command}" for button in buttons)]
        case Choices(options=options):
            return [_bullets(option.label for option in options)]


def _line(text: str) -> FormattedText:
    return (Paragraph(spans=(Plain(text=text),)),)


def _title(text: str) -> Paragraph:
    return Paragraph(spans=(Bold(spans=(Plain(text=text),)),))


def _bullets(texts: Iterable[str]) -> Bullets:
    return Bullets(items=tuple((Paragraph(spans=_spans(text)),) for text in texts))


def _spans(text: str) -> tuple[Span, ...]:
    return (Plain(text=text),)


def _list(title: str, rows: Iterable[ConversationRow], language: str, now: Instant) -> list[Block]:
    lines = [_row(row, language, now) for row in rows]
    return [_title(title), _bullets(lines)] if lines else [_title(title)]


def _row(row: ConversationRow, language: str, now: Instant) -> str:
    parts = [
        f"#{row.number} {row.customer} ({row.channel})",
        our_word("state", row.state.value, language),
        our_word("priority", row.priority.word, language),
        row.queue_title,
        row.agent_name,
        row.opens,
    ]
    if row.overdue_since is not None:
        late = length(max(0, now - row.overdue_since), language)
        parts.append(say(language, "view.overdue", length=late))
    if row.since is not None:
        parts.append(length(max(0, now - row.since), language))
    return " · ".join(part for part in parts if part)


def _queue(queue: QueueRow, language: str, now: Instant) -> list[Block]:
    title = f"{queue.title}: {say(language, 'view.waiting', count=len(queue.waiting))}"
    if queue.closed:
        title = f"{title} · {queue.closed}"
    blocks = _list(title, queue.waiting, language, now)
    agents = [_agent(agent, language) for agent in (*queue.connected, *queue.disconnected)]
    return [*blocks, _bullets(agents)] if agents else blocks


def _agent(agent: AgentRow, language: str) -> str:
    connected = say(language, "view.connected" if agent.connected else "view.disconnected")
    available = say(language, f"presence.{'available' if agent.available else 'unavailable'}")
    if agent.reason and not agent.available:
        available = f"{available} ({our_word('presence.reason', agent.reason, language)})"
    numbers = " ".join(f"#{row.number}" for row in agent.holding)
    load = f"{agent.held}/{agent.capacity}"
    return " · ".join(part for part in (agent.name, connected, available, load, numbers) if part)


def _tickets(view: Tickets, language: str) -> list[Block]:
    title = say(language, "view.tickets", customer=view.customer, count=len(view.rows))
    lines = [_ticket(ticket) for ticket in view.rows]
    return [_title(title), _bullets(lines)] if lines else [_title(title)]


def _ticket(ticket: Ticket) -> str:
    return f"{ticket.name} · {ticket.type} · {ticket.status} · {ticket.description}"
