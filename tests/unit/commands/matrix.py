"""Reads the table of rights that was written by hand, and gives the facts its words stand for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bridge.commands.authorize import Object, Scope
from bridge.domain.conversation import State
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import AgentId, BotId, ChannelId, QueueId
from bridge.domain.queue import Visibility

TABLE = Path(__file__).with_name("authorization_matrix.txt")
ME, COLLEAGUE = AgentId(1), AgentId(2)
HERE, ELSEWHERE = QueueId(1), QueueId(2)
WEB, OTHER = ChannelId("web"), ChannelId("other")
SHOP_BOT = BotId("shop")


def _conversation(
    state: State,
    *,
    queue: QueueId | None = HERE,
    holder: AgentId | None = None,
    private: bool = False,
    writer: AgentId | None = None,
    channel: ChannelId = WEB,
    bot: BotId | None = None,
) -> Object:
    return Object(
        state=state,
        holder=holder,
        queue=queue,
        member=queue == HERE,
        channel=channel,
        visibility=Visibility.ASSIGNEE if private else Visibility.ROOM,
        agent=writer,
        bot=bot,
    )


CONVERSATIONS: Mapping[str, Object] = {
    "with the bot": _conversation(State.BOT, queue=None),
    "parked here": _conversation(State.PARKED),
    "parked elsewhere": _conversation(State.PARKED, queue=ELSEWHERE),
    "waiting here": _conversation(State.WAITING),
    "waiting here, private": _conversation(State.WAITING, private=True),
    "waiting elsewhere": _conversation(State.WAITING, queue=ELSEWHERE),
    "offered to me": _conversation(State.OFFERED, holder=ME),
    "offered here": _conversation(State.OFFERED, holder=COLLEAGUE),
    "offered elsewhere": _conversation(State.OFFERED, queue=ELSEWHERE, holder=COLLEAGUE),
    "held by me": _conversation(State.ASSIGNED, queue=ELSEWHERE, holder=ME),
    "held by me, private": _conversation(State.ASSIGNED, holder=ME, private=True),
    "held here": _conversation(State.ASSIGNED, holder=COLLEAGUE),
    "held here, private": _conversation(State.ASSIGNED, holder=COLLEAGUE, private=True),
    "held elsewhere": _conversation(State.ASSIGNED, queue=ELSEWHERE, holder=COLLEAGUE),
    "held by nobody known": _conversation(State.ASSIGNED, queue=ELSEWHERE),
    "my line": _conversation(State.ASSIGNED, holder=ME, writer=ME),
    "another's line": _conversation(State.ASSIGNED, holder=ME, writer=COLLEAGUE),
    "my line, held here by another": _conversation(State.ASSIGNED, holder=COLLEAGUE, writer=ME),
    "ended here": _conversation(State.ENDED, writer=ME),
    "ended here, private": _conversation(State.ENDED, private=True),
    "ended elsewhere": _conversation(State.ENDED, queue=ELSEWHERE),
    "of the shop's bot": _conversation(State.BOT, queue=None, channel=OTHER, bot=SHOP_BOT),
    "held, of the shop's bot": _conversation(
        State.ASSIGNED, queue=ELSEWHERE, holder=COLLEAGUE, channel=OTHER, bot=SHOP_BOT
    ),
    "of another bot": _conversation(State.BOT, queue=None, channel=OTHER, bot=BotId("other")),
    "on another channel": _conversation(State.WAITING, queue=ELSEWHERE, channel=OTHER),
}
SITUATIONS: Mapping[str, Object] = {
    "nothing": Object(),
    "myself": Object(agent=ME),
    "a colleague": Object(agent=COLLEAGUE),
    "my queue": Object(queue=HERE, member=True),
    "another queue": Object(queue=ELSEWHERE),
    **CONVERSATIONS,
}
GROUPS: Mapping[str, frozenset[str]] = {
    "anything": frozenset(SITUATIONS),
    "any conversation": frozenset(CONVERSATIONS),
    "any open conversation": frozenset(
        name for name, object in CONVERSATIONS.items() if object.state is not State.ENDED
    ),
    "any conversation on the web chat": frozenset(
        name for name, object in CONVERSATIONS.items() if object.channel == WEB
    ),
}


def _token(*scopes: str, channel: str | None = None, bot: str | None = None) -> Actor:
    return Actor(kind=ActorKind.TOKEN, name="t", scopes=frozenset(scopes), channel=channel, bot=bot)


ACTORS: Mapping[str, Actor] = {
    **{
        kind.value: Actor(kind=kind, name=kind.value)
        for kind in ActorKind
        if kind not in (ActorKind.AGENT, ActorKind.ADMIN, ActorKind.TOKEN)
    },
    "agent": Actor(kind=ActorKind.AGENT, name="me", agent=ME),
    "admin": Actor(kind=ActorKind.ADMIN, name="me", agent=ME),
    "unlinked_agent": Actor(kind=ActorKind.AGENT, name="nobody"),
    "unlinked_admin": Actor(kind=ActorKind.ADMIN, name="nobody"),
    "token": _token(),
    "token:conversations": _token(Scope.CONVERSATIONS),
    "token:conversations@web": _token(Scope.CONVERSATIONS, channel=WEB),
    "token:queues": _token(Scope.QUEUES),
    "token:queues@web": _token(Scope.QUEUES, channel=WEB),
    "token:agents": _token(Scope.AGENTS),
    "token:agents@web": _token(Scope.AGENTS, channel=WEB),
    "token:bot": _token(Scope.BOT, bot=SHOP_BOT),
    "token:no_bot": _token(Scope.BOT),
    "token:unheard_of": _token("everything:write"),
}


@dataclass
class Table:
    """What the file says."""

    arrivals: dict[str, frozenset[str]] = field(default_factory=dict)
    never: frozenset[str] = frozenset()
    commands: dict[str, frozenset[str]] = field(default_factory=dict)
    entries: dict[str, frozenset[str]] = field(default_factory=dict)
    granted: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    def allows(self, actor: str, action: str, situation: str, entry: str) -> bool:
        """One cell."""
        kind = actor.partition(":")[0]
        return (
            kind in self.arrivals[entry]
            and entry in self.entries[action]
            and actor in self.granted[action].get(situation, ())
        )


def read_table(text: str) -> Table:
    """The table; a word in it that means nothing raises `ValueError`."""
    table = Table()
    action = ""
    for line in text.splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if line.startswith(" "):
            _grant(table.granted[action], *re.split(r"\s{2,}", line.strip()))
        elif words[0] == "via":
            table.arrivals[words[1]] = frozenset(words[2:])
        elif words[0] == "never":
            table.never = frozenset(words[1:])
        elif words[0] == "command":
            table.commands[words[1]] = frozenset(words[2:])
        elif words[1] == "by":
            action = words[0]
            table.entries[action] = frozenset(words[2:])
            table.granted[action] = {}
        else:
            raise ValueError(line)
    return table


def _grant(cells: dict[str, set[str]], situation: str, actors: str) -> None:
    if situation not in SITUATIONS and situation not in GROUPS:
        raise ValueError(situation)
    for actor in actors.split():
        if actor not in ACTORS:
            raise ValueError(actor)
    for name in GROUPS.get(situation, frozenset({situation})):
        cells.setdefault(name, set()).update(actors.split())
