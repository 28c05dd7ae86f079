"""Asks for pages of the list of conversations: open ones first, highest priority first."""

from typing import TypeAlias

from bridge.domain.conversation import Conversation, State
from bridge.ports.queries import ConversationFilter
from storage.asking import Ask, Asking, Given, one
from storage.mapping.conversations import conversation
from storage.mapping.folding import wanted

Named: TypeAlias = dict[str, Given]


def page(where: ConversationFilter) -> Asking[list[Conversation]]:
    """At most `limit` conversations that come after the one numbered `before`."""
    last = None
    if where.before is not None:
        last = yield from one("conversations_by_number", ([where.before],), conversation)
    values = _values(where)
    found: list[Conversation] = []
    if last is None or last.open:
        found = yield from _rows("list_open", values | _after_open(last), where.limit)
        last = None
    if len(found) < where.limit and (not where.states or State.ENDED in where.states):
        left = where.limit - len(found)
        found += yield from _rows("list_ended", values | _after_ended(last), left)
    return found


def _rows(name: str, values: Named, limit: int) -> Asking[list[Conversation]]:
    return [conversation(row) for row in (yield Ask(name, values | {"limit": limit}))]


def _values(where: ConversationFilter) -> Named:
    text = wanted(where.text.strip().removeprefix("#"))
    return {
        "states": [state.value for state in where.states] if where.states else None,
        "queue": where.queue,
        "agent": where.agent,
        "priority": None if where.priority is None else where.priority.value,
        "channel": where.channel,
        "since": where.since,
        "text": f"%{_escaped(text)}%" if text else None,
        "number": f"{text}%" if text.isdigit() else "",
    }


def _escaped(text: str) -> str:
    """The text as a pattern that means itself."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _after_open(last: Conversation | None) -> Named:
    if last is None:
        return {"after": None, "after_at": None, "after_id": None}
    since = last.opened_at if last.since is None else last.since
    return {"after": last.priority.value, "after_at": since, "after_id": last.id}


def _after_ended(last: Conversation | None) -> Named:
    if last is None:
        return {"after": None, "after_at": None, "after_id": None}
    return {"after": last.priority.value, "after_at": last.ended_at, "after_id": last.id}
