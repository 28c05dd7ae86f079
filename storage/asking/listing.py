"""Asks for pages of the list of conversations: open ones first, highest priority first."""

from typing import TypeAlias

from bridge.domain.conversation import Conversation, Priority, State
from bridge.ports.queries import ConversationFilter
from storage.asking import Ask, Asking, Given
from storage.mapping.conversations import conversation
from storage.mapping.folding import wanted

Named: TypeAlias = dict[str, Given]

_NO_END = 2**63 - 1
_NO_BEGIN = -(2**63)


def page(where: ConversationFilter) -> Asking[list[Conversation]]:
    """At most `limit` conversations that come after the one numbered `before`."""
    last = None
    if where.before is not None:
        rows = yield Ask("conversations_by_number", ([where.before],))
        last = next(map(conversation, rows), None)
    found: list[Conversation] = []
    if last is None or last.open:
        found = yield from _rows("list_open", _open_ones(where, last), where.limit)
        last = None
    if _has_ended(where):
        found += yield from _ended_ones(where, last, where.limit - len(found))
    return found


def _has_ended(where: ConversationFilter) -> bool:
    """Whether an ended one can be among them: no agent has one any more."""
    return where.agent is None and (not where.states or State.ENDED in where.states)


def _ended_ones(
    where: ConversationFilter, last: Conversation | None, limit: int
) -> Asking[list[Conversation]]:
    """One priority after the other, beginning after the last one that was shown."""
    found: list[Conversation] = []
    for priority in Priority if where.priority is None else (where.priority,):
        if len(found) == limit:
            break
        if last is None or priority > last.priority:
            values = _ended_of(where, priority, _NO_END, _NO_END)
        elif priority == last.priority:
            values = _ended_of(where, priority, last.ended_at, last.id)
        else:
            continue
        found += yield from _rows(_by_what(where), values, limit - len(found))
    return found


def _by_what(where: ConversationFilter) -> str:
    """The statement whose index has what may be seldom."""
    if where.queue is not None:
        return "list_ended_of_queue"
    return "list_ended" if where.channel is None else "list_ended_of_channel"


def _rows(name: str, values: Named, limit: int) -> Asking[list[Conversation]]:
    return [conversation(row) for row in (yield Ask(name, values | {"limit": limit}))]


def _ended_of(where: ConversationFilter, priority: Priority, at: int | None, id_: int) -> Named:
    values = {"priority": priority.value, "after_at": at, "after_id": id_}
    values["since"] = _NO_BEGIN if where.since is None else where.since
    return _wanted(where) | values


def _open_ones(where: ConversationFilter, last: Conversation | None) -> Named:
    states: list[object] | None = [each.value for each in where.states] or None
    priority = None if where.priority is None else where.priority.value
    values: Named = {"states": states, "agent": where.agent, "priority": priority}
    return _wanted(where) | values | {"since": where.since} | _after(last)


def _after(last: Conversation | None) -> Named:
    if last is None:
        return {"after": None, "after_at": None, "after_id": None}
    since = last.opened_at if last.since is None else last.since
    return {"after": last.priority.value, "after_at": since, "after_id": last.id}


def _wanted(where: ConversationFilter) -> Named:
    """What is asked of open and ended ones alike."""
    text = wanted(where.text.strip().removeprefix("#"))
    return {
        "queue": where.queue,
        "channel": where.channel,
        "text": f"%{_escaped(text)}%" if text else None,
        "number": f"{text}%" if text.isdigit() else "",
    }


def _escaped(text: str) -> str:
    """The text as a pattern that means itself."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")
