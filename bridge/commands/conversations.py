"""`/conversations`: the list of conversations, highest priority first, with filters."""

import re
from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from bridge.commands.authorize import Action
from bridge.commands.command import Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import bare, chosen, duration, me, nearest_of, the_agent, the_queue
from bridge.commands.priority import LEVELS
from bridge.commands.request import Request
from bridge.domain.conversation import Priority, State
from bridge.domain.ids import Instant, after
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec
from bridge.ports.queries import ConversationFilter, ListConversations

KEYS = {
    "state": ("estado",),
    "queue": ("fila",),
    "agent": ("agente",),
    "priority": ("prioridade",),
    "channel": ("canal",),
    "since": ("desde",),
    "text": ("texto", "name", "nome"),
}
STATES = {
    "bot": (),
    "parked": ("estacionada",),
    "waiting": ("aguardando", "esperando"),
    "offered": ("oferecida",),
    "assigned": ("atribuida", "atendimento"),
    "ended": ("encerrada",),
    "active": ("ativa", "aberta", "open"),
}
_FILTER = re.compile(r"""([^\W\d_]+):(?:"([^"]*)"|“([^”]*)”|(\S*))""")
_TODAY = {"today": ("hoje",), "yesterday": ("ontem",)}


def parse(request: Request, desk: DeskView) -> Wanted:
    """`key:value` filters in any order; a state or a priority may stand without its key.

    All other words are looked for in names and numbers.
    """
    me(request)
    given = _given(request)
    chosen_filter = ConversationFilter(text=given.pop("text", ""))
    for key, value in given.items():
        chosen_filter = _narrowed(chosen_filter, key, value, request, desk)
    return ListConversations(filter=chosen_filter)


def _given(request: Request) -> dict[str, str]:
    """The filters by declared key, from the text and from a form."""
    given: dict[str, str] = {}
    for found in _FILTER.finditer(request.text):
        value = next(value for value in found.groups()[1:] if value is not None)
        given[_key(found.group(1))] = value
    for word in _FILTER.sub(" ", request.text).split():
        key = _obvious(word)
        if key in given:
            key = "text"
        given[key] = f"{given.get(key, '')} {word}".strip()
    given |= {key: value for key, value in request.arguments.items() if key in KEYS}
    return {key: value.strip() for key, value in given.items() if value.strip()}


def _obvious(word: str) -> str:
    """The key of a word that stands alone; `text:bot` finds a customer who is called so."""
    if chosen(word, STATES) is not None:
        return "state"
    return "text" if chosen(word, LEVELS) is None else "priority"


def _key(word: str) -> str:
    key = chosen(word, KEYS)
    if key is not None:
        return key
    every = [name for key, spoken in KEYS.items() for name in (key, *spoken)]
    return refuse("bad_filter", word=word, nearest=nearest_of(word, every) or "text")


def _narrowed(
    chosen_filter: ConversationFilter, key: str, value: str, request: Request, desk: DeskView
) -> ConversationFilter:
    match key:
        case "state":
            return replace(chosen_filter, states=_states(value))
        case "queue":
            return replace(chosen_filter, queue=the_queue(value, desk)[0].name)
        case "agent" if bare(value) in ("me", "eu"):
            return replace(chosen_filter, mine=True)
        case "agent":
            return replace(chosen_filter, agent=the_agent(value, request, desk).handle)
        case "priority":
            return replace(chosen_filter, priority=_priority(value))
        case "channel":
            return replace(chosen_filter, channel=_channel(value, desk))
        case _:
            return replace(chosen_filter, since=_since(value, request.now))


def _states(value: str) -> tuple[State, ...]:
    states: list[State] = []
    for word in value.split(","):
        name = chosen(word, STATES)
        if name is None:
            refuse("bad_filter_value", word=word, choices=", ".join(STATES))
        if name == "active":
            states += [state for state in State if state is not State.ENDED]
        else:
            states.append(State(name))
    return tuple(dict.fromkeys(states))


def _priority(value: str) -> Priority:
    name = chosen(value, LEVELS)
    if name is None:
        refuse("bad_filter_value", word=value, choices=", ".join(LEVELS))
    return Priority[name.upper()]


def _channel(value: str, desk: DeskView) -> str:
    for name, channel in desk.places.channels.items():
        called = (name, channel.label, *channel.labels.values())
        if bare(value) in map(bare, called):
            return name
    labels = ", ".join(desk.places.channels)
    return refuse("bad_filter_value", word=value, choices=labels)


def _since(value: str, now: Instant) -> Instant:
    """So long ago (`2h`), or the beginning of a day in UTC (`today`, `2026-11-02`)."""
    back = duration(value)
    if back is not None:
        return after(now, -back)
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    named = chosen(value, _TODAY)
    try:
        day = date.fromisoformat(value) if named is None else today
    except ValueError:
        refuse("bad_filter_value", word=value, choices="2h, 3d, today, yesterday, 2026-11-02")
    if named == "yesterday":
        day = today - timedelta(days=1)
    return Instant(int(datetime.combine(day, time(), UTC).timestamp() * 1000))


COMMAND = Command(
    spec=CommandSpec(
        name="conversations",
        arguments=(
            ArgumentSpec(name="state", kind=ArgumentKind.CHOICE, choices=tuple(STATES)),
            ArgumentSpec(name="queue", kind=ArgumentKind.QUEUE),
            ArgumentSpec(name="agent", kind=ArgumentKind.AGENT),
            ArgumentSpec(name="priority", kind=ArgumentKind.CHOICE, choices=tuple(LEVELS)),
            ArgumentSpec(name="channel", kind=ArgumentKind.WORD),
            ArgumentSpec(name="since", kind=ArgumentKind.WORD),
            ArgumentSpec(name="text", kind=ArgumentKind.TEXT),
        ),
        in_thread=False,
        reads=True,
    ),
    actions=(Action.LIST_CONVERSATIONS,),
    parse=parse,
    aliases=("conversas",),
)
