"""Who may do what: the only place that grants, and it grants nothing that is not written here."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias

from bridge.domain.conversation import State
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import AgentId, BotId, ChannelId, QueueId
from bridge.domain.queue import Visibility
from bridge.domain.value import Value


class Action(StrEnum):
    """Everything that needs a right."""

    REPLY = "reply"
    CHANGE_LINE = "change_line"
    REACT = "react"
    SEND_ANYWAY = "send_anyway"
    RETRY_LINE = "retry_line"
    SET_PRESENCE = "set_presence"
    TAKE = "take"
    TAKE_BY_FORCE = "take_by_force"
    DECLINE_OFFER = "decline_offer"
    TRANSFER = "transfer"
    TRANSFER_BY_FORCE = "transfer_by_force"
    SET_PRIORITY = "set_priority"
    CHANGE_TICKETS = "change_tickets"
    SEND_TEMPLATE = "send_template"
    START_CONVERSATION = "start_conversation"
    RETURN_TO_BOT = "return_to_bot"
    ADD_NOTE = "add_note"
    WATCH = "watch"
    CREATE_QUEUE = "create_queue"
    CHANGE_QUEUE = "change_queue"
    SET_MEMBER = "set_member"
    BIND_ROOM = "bind_room"
    CREATE_AGENT = "create_agent"
    CHANGE_AGENT = "change_agent"
    SET_LANGUAGE = "set_language"
    LINK_AGENT = "link_agent"
    CREATE_TEMPLATE = "create_template"
    SHOW_CONVERSATION = "show_conversation"
    SHOW_EVENTS = "show_events"
    SHOW_TICKETS = "show_tickets"
    LIST_CONVERSATIONS = "list_conversations"
    LIST_ALL_CONVERSATIONS = "list_all_conversations"
    SHOW_QUEUES = "show_queues"
    SHOW_ALL_QUEUES = "show_all_queues"
    SHOW_AGENTS = "show_agents"
    SHOW_HOME = "show_home"
    COMPLETE = "complete"
    GET_HELP = "get_help"
    SPEAK_AS_BOT = "speak_as_bot"
    RUN_DESK = "run_desk"


class EntryPoint(StrEnum):
    """How a wish arrives.

    `COMMAND` is every command, whatever the surface, unless the caller knows that it came from a
    `BUTTON` or a `FORM`, which never have more rights. `PAGE` is anything that is only shown.
    """

    MESSAGE = "message"
    COMMAND = "command"
    BUTTON = "button"
    FORM = "form"
    COMPLETION = "completion"
    PAGE = "page"
    HTTP = "http"
    CLI = "cli"


class Scope(StrEnum):
    """What a token of the REST API may read; and whether it speaks for its bot."""

    CONVERSATIONS = "conversations:read"
    QUEUES = "queues:read"
    AGENTS = "agents:read"
    BOT = "bot:speak"


class Object(Value):
    """What the action is about, as facts.

    `state` None means that it is about no conversation. `holder` is in control, or has been
    offered it. `member` says that the actor answers the conversation's (or the named) queue.
    `agent` is whose presence, settings or line it is. `bot` talks first on its channel.
    """

    state: State | None = None
    holder: AgentId | None = None
    queue: QueueId | None = None
    member: bool = False
    channel: ChannelId | None = None
    visibility: Visibility = Visibility.ROOM
    agent: AgentId | None = None
    bot: BotId | None = None


class Decision(Value):
    """Allowed, or why not: `code` is a catalogue key under `answer.`."""

    allowed: bool
    code: str = ""


Rule: TypeAlias = Callable[[Actor, Object], str]
"""Gives the code of a refusal; an empty one grants."""

_GRANTED = ""
_WAITS = (State.PARKED, State.WAITING, State.OFFERED)


def _always(actor: Actor, object: Object) -> str:
    return _GRANTED


def _himself(actor: Actor, object: Object) -> str:
    return _GRANTED if object == Object(agent=actor.agent) else "forbidden"


def _holds(actor: Actor, object: Object) -> bool:
    return object.state is State.ASSIGNED and object.holder == actor.agent


def _in_control(actor: Actor, object: Object) -> str:
    if object.state is None:
        return "forbidden"
    if object.state is State.ENDED:
        return "ended"
    if object.state is not State.ASSIGNED:
        return "nobody_holds"
    return _GRANTED if _holds(actor, object) else "not_holder"


def _may_return(actor: Actor, object: Object) -> str:
    return "already_ended" if object.state is State.ENDED else _in_control(actor, object)


def _writer_in_control(actor: Actor, object: Object) -> str:
    closed = _in_control(actor, object)
    return closed or (_GRANTED if object.agent == actor.agent else "not_your_line")


def _about_an_open_one(actor: Actor, object: Object) -> str:
    if object.state is None:
        return "forbidden"
    return "ended" if object.state is State.ENDED else _GRANTED


def _may_return_any(actor: Actor, object: Object) -> str:
    return "already_ended" if object.state is State.ENDED else _about_one(actor, object)


def _about_one(actor: Actor, object: Object) -> str:
    return "forbidden" if object.state is None else _GRANTED


def _may_take(actor: Actor, object: Object) -> str:
    if object.state is State.ASSIGNED:
        return "already_yours" if _holds(actor, object) else "already_taken"
    if object.state not in _WAITS:
        return _about_an_open_one(actor, object) or "with_bot"
    if object.state is State.OFFERED and object.holder != actor.agent:
        return "already_offered"
    return _GRANTED if object.member else "not_member"


def _is_offered(actor: Actor, object: Object) -> str:
    """Only who is asked can say no; what is offered no more is out of date."""
    closed = _about_an_open_one(actor, object)
    if closed or object.state is not State.OFFERED:
        return closed or "stale"
    return _GRANTED if object.holder == actor.agent else "already_offered"


def _holder_or_member(actor: Actor, object: Object) -> str:
    """Whoever answers its queue, if he may see it at all."""
    closed = _about_an_open_one(actor, object)
    if closed or _may_see(actor, object) == _GRANTED:
        return closed
    return "not_member"


def _may_see(actor: Actor, object: Object) -> str:
    """The holder always; his colleagues of the queue where threads are open to the room, and
    while it waits for one of them.
    """
    if object.state is None or object.state is State.BOT:
        return "forbidden"
    if _holds(actor, object):
        return _GRANTED
    open_to_members = object.visibility is Visibility.ROOM or object.state in _WAITS
    return _GRANTED if object.member and open_to_members else "forbidden"


def _own_queue(actor: Actor, object: Object) -> str:
    """The board of his queues (no object), or one that he answers."""
    if object.state is None and (object.member or object == Object()):
        return _GRANTED
    return "not_member"


def _token_for(scope: Scope, *, everything: bool = False) -> Rule:
    """A token with this scope; one that belongs to a channel reaches that channel alone."""

    def rule(actor: Actor, object: Object) -> str:
        if scope not in actor.scopes:
            return "forbidden"
        if actor.channel is None:
            return _GRANTED
        return "forbidden" if everything or object.channel != actor.channel else _GRANTED

    return rule


def _token_of_its_bot(actor: Actor, object: Object) -> str:
    """A bot's token reaches the conversations of its own bot and nothing else."""
    own = actor.bot is not None and object.bot == actor.bot and object.state is not None
    return _GRANTED if own and Scope.BOT in actor.scopes else "forbidden"


def _token_lists(actor: Actor, object: Object) -> str:
    return _GRANTED if Scope.CONVERSATIONS in actor.scopes else "forbidden"


def _people(agent: Rule | None, admin: Rule) -> dict[ActorKind, Rule]:
    return {ActorKind.ADMIN: admin} | ({} if agent is None else {ActorKind.AGENT: agent})


_MANAGERS: dict[ActorKind, Rule] = {ActorKind.ADMIN: _always, ActorKind.OPERATOR: _always}
_READ_ONE = _people(_may_see, _about_one) | {ActorKind.TOKEN: _token_for(Scope.CONVERSATIONS)}

GRANTS: Mapping[Action, Mapping[ActorKind, Rule]] = {
    Action.REPLY: _people(_in_control, _in_control),
    Action.CHANGE_LINE: _people(_writer_in_control, _writer_in_control),
    Action.REACT: _people(_in_control, _in_control),
    Action.SEND_ANYWAY: _people(_writer_in_control, _writer_in_control),
    Action.RETRY_LINE: _people(_in_control, _about_an_open_one)
    | {ActorKind.OPERATOR: _about_an_open_one},
    Action.SET_PRESENCE: _people(_himself, _always),
    Action.TAKE: _people(_may_take, _about_an_open_one),
    Action.TAKE_BY_FORCE: _people(None, _about_an_open_one),
    Action.DECLINE_OFFER: _people(_is_offered, _is_offered),
    Action.TRANSFER: _people(_in_control, _about_an_open_one),
    Action.TRANSFER_BY_FORCE: _people(None, _about_an_open_one),
    Action.SET_PRIORITY: _people(_holder_or_member, _about_an_open_one),
    Action.CHANGE_TICKETS: _people(_may_see, _about_one),
    Action.SEND_TEMPLATE: _people(_in_control, _in_control),
    Action.START_CONVERSATION: _people(_always, _always),
    Action.RETURN_TO_BOT: _people(_may_return, _may_return_any),
    Action.ADD_NOTE: _people(_may_see, _about_one),
    Action.WATCH: _people(None, _about_an_open_one),
    Action.CREATE_QUEUE: _MANAGERS,
    Action.CHANGE_QUEUE: _MANAGERS,
    Action.SET_MEMBER: _MANAGERS,
    Action.BIND_ROOM: _MANAGERS,
    Action.CREATE_AGENT: _MANAGERS,
    Action.CHANGE_AGENT: _MANAGERS,
    Action.SET_LANGUAGE: _people(_himself, _always) | {ActorKind.OPERATOR: _always},
    Action.LINK_AGENT: _MANAGERS,
    Action.CREATE_TEMPLATE: _MANAGERS,
    Action.SHOW_CONVERSATION: _READ_ONE,
    Action.SHOW_EVENTS: _READ_ONE,
    Action.SHOW_TICKETS: _people(_may_see, _about_one),
    Action.LIST_CONVERSATIONS: _people(_always, _always) | {ActorKind.TOKEN: _token_lists},
    Action.LIST_ALL_CONVERSATIONS: _people(None, _always)
    | {ActorKind.TOKEN: _token_for(Scope.CONVERSATIONS, everything=True)},
    Action.SHOW_QUEUES: _people(_own_queue, _always)
    | {ActorKind.TOKEN: _token_for(Scope.QUEUES, everything=True), ActorKind.OPERATOR: _always},
    Action.SHOW_ALL_QUEUES: _people(None, _always)
    | {ActorKind.TOKEN: _token_for(Scope.QUEUES, everything=True), ActorKind.OPERATOR: _always},
    Action.SHOW_AGENTS: _people(None, _always)
    | {ActorKind.TOKEN: _token_for(Scope.AGENTS, everything=True), ActorKind.OPERATOR: _always},
    Action.SHOW_HOME: _people(_always, _always),
    Action.COMPLETE: _people(_always, _always),
    Action.GET_HELP: _people(_always, _always),
    Action.SPEAK_AS_BOT: {ActorKind.TOKEN: _token_of_its_bot},
    Action.RUN_DESK: {ActorKind.OPERATOR: _always},
}

_IN_THREAD = frozenset({EntryPoint.MESSAGE})
_BY_COMMAND = frozenset(
    {EntryPoint.MESSAGE, EntryPoint.COMMAND, EntryPoint.BUTTON, EntryPoint.FORM}
)
_MANAGED = _BY_COMMAND | {EntryPoint.CLI}
_SHOWN = _BY_COMMAND | {EntryPoint.PAGE}
_READ = _SHOWN | {EntryPoint.HTTP}

ENTRIES: Mapping[Action, frozenset[EntryPoint]] = {
    Action.REPLY: _IN_THREAD,
    Action.CHANGE_LINE: _IN_THREAD,
    Action.REACT: _IN_THREAD,
    Action.SEND_ANYWAY: _BY_COMMAND,
    Action.RETRY_LINE: _MANAGED,
    Action.SET_PRESENCE: _BY_COMMAND,
    Action.TAKE: _BY_COMMAND,
    Action.TAKE_BY_FORCE: _BY_COMMAND,
    Action.DECLINE_OFFER: _BY_COMMAND,
    Action.TRANSFER: _BY_COMMAND,
    Action.TRANSFER_BY_FORCE: _BY_COMMAND,
    Action.SET_PRIORITY: _BY_COMMAND,
    Action.CHANGE_TICKETS: _BY_COMMAND,
    Action.SEND_TEMPLATE: _BY_COMMAND,
    Action.START_CONVERSATION: _BY_COMMAND,
    Action.RETURN_TO_BOT: _BY_COMMAND,
    Action.ADD_NOTE: _BY_COMMAND,
    Action.WATCH: _BY_COMMAND,
    Action.CREATE_QUEUE: _MANAGED,
    Action.CHANGE_QUEUE: _MANAGED,
    Action.SET_MEMBER: _MANAGED,
    Action.BIND_ROOM: _MANAGED,
    Action.CREATE_AGENT: _MANAGED,
    Action.CHANGE_AGENT: _MANAGED,
    Action.SET_LANGUAGE: _MANAGED,
    Action.LINK_AGENT: _MANAGED,
    Action.CREATE_TEMPLATE: _MANAGED,
    Action.SHOW_CONVERSATION: _READ,
    Action.SHOW_EVENTS: _READ,
    Action.SHOW_TICKETS: _SHOWN,
    Action.LIST_CONVERSATIONS: _READ,
    Action.LIST_ALL_CONVERSATIONS: _READ,
    Action.SHOW_QUEUES: _READ | {EntryPoint.CLI},
    Action.SHOW_ALL_QUEUES: _READ | {EntryPoint.CLI},
    Action.SHOW_AGENTS: _READ | {EntryPoint.CLI},
    Action.SHOW_HOME: _SHOWN,
    Action.COMPLETE: frozenset({EntryPoint.COMPLETION}),
    Action.GET_HELP: _BY_COMMAND,
    Action.SPEAK_AS_BOT: frozenset({EntryPoint.HTTP}),
    Action.RUN_DESK: frozenset({EntryPoint.CLI}),
}

_TEAM = frozenset({ActorKind.AGENT, ActorKind.ADMIN})
ARRIVALS: Mapping[EntryPoint, frozenset[ActorKind]] = {
    EntryPoint.MESSAGE: _TEAM,
    EntryPoint.COMMAND: _TEAM,
    EntryPoint.BUTTON: _TEAM,
    EntryPoint.FORM: _TEAM,
    EntryPoint.COMPLETION: _TEAM,
    EntryPoint.PAGE: _TEAM,
    EntryPoint.HTTP: frozenset({ActorKind.TOKEN}),
    EntryPoint.CLI: frozenset({ActorKind.OPERATOR}),
}

_STRANGERS = {
    ActorKind.MEMBER: "not_an_agent",
    ActorKind.GUEST: "guests_cannot",
    ActorKind.EXTERNAL: "guests_cannot",
}


def authorize(actor: Actor, action: Action, object: Object, *, via: EntryPoint) -> Decision:
    """May this actor do this to this object, having come this way? What is not granted is not."""
    closed = _shut_out(actor, action, via)
    if closed:
        return Decision(allowed=False, code=closed)
    code = GRANTS[action][actor.kind](actor, object)
    return Decision(allowed=not code, code=code)


def admits(actor: Actor, action: Action, *, via: EntryPoint) -> bool:
    """True when the actor may do this to some object; asked before anything is looked up."""
    return not _shut_out(actor, action, via)


def _shut_out(actor: Actor, action: Action, via: EntryPoint) -> str:
    if actor.kind in _TEAM and actor.agent is None:
        return "not_an_agent"
    if actor.kind not in ARRIVALS.get(via, frozenset()) or via not in ENTRIES.get(action, ()):
        return _STRANGERS.get(actor.kind, "forbidden")
    return _GRANTED if actor.kind in GRANTS.get(action, {}) else "forbidden"
