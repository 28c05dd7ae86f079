"""What the rows of a board say: queues, people, conversations; pure."""

from bridge.adapters.common import labels
from bridge.domain.ids import Instant
from bridge.locales import say
from bridge.ports.queries import AgentRow, ConversationRow, QueueRow

_MOST_WAITING = 5
_MINUTE = 60_000


def waiting_words(queue: QueueRow, language: str, now: Instant) -> str:
    """How many wait in a queue, since when, and who is next."""
    said = say(language, "workspace.board.waiting", count=len(queue.waiting))
    if queue.oldest_since is None:
        return said
    oldest = say(language, "workspace.board.oldest", wait=wait(queue.oldest_since, language, now))
    numbers = " ".join(f"#{row.number}" for row in queue.waiting[:_MOST_WAITING])
    return f"{said} · {oldest} · {numbers}"


def person_words(agent: AgentRow, language: str) -> str:
    """One agent: whether he takes conversations, and which he has."""
    available = say(language, f"presence.{'available' if agent.available else 'unavailable'}")
    numbers = " ".join(f"#{row.number}" for row in agent.holding)
    load = f"{agent.held}/{agent.capacity}"
    reason = "" if agent.available else agent.reason
    return " · ".join(filter(None, (agent.name, available, reason, load, numbers)))


def conversation_facts(row: ConversationRow, language: str, now: Instant) -> tuple[str, ...]:
    """One conversation: where it came from, how it is, with whom, since when."""
    facts = [
        row.channel,
        labels.choice("state", row.state.value, language),
        labels.choice("priority", row.priority.word, language),
        row.queue_title,
        row.agent_name,
        row.opens,
    ]
    if row.since is not None:
        facts.append(wait(row.since, language, now))
    if row.overdue_since is not None:
        late = wait(row.overdue_since, language, now)
        facts.append(say(language, "view.overdue", length=late))
    return tuple(filter(None, facts))


def wait(since: Instant, language: str, now: Instant) -> str:
    """How long somebody has been waiting."""
    minutes = max(0, now - since) // _MINUTE
    if minutes < 60:
        return say(language, "length.minutes", n=minutes)
    if minutes < 60 * 24:
        return say(language, "length.hours", n=minutes // 60)
    return say(language, "length.days", n=minutes // (60 * 24))
