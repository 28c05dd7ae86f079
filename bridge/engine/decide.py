"""From what came in to what follows: one function per kind of thing, no I/O."""

from collections.abc import Callable
from typing import Any, TypeAlias

from bridge.commands import permission
from bridge.commands.authorize import EntryPoint
from bridge.commands.objections import objection
from bridge.domain.events import Actor
from bridge.domain.moves import Move, Outcome
from bridge.domain.value import Value
from bridge.engine import commanding, performing
from bridge.engine.control import bots, leaving, presence, timers
from bridge.engine.control.bots import BotAnswered, BotFailed, BotReplayed, BotSpoke
from bridge.engine.control.timers import TimerFired
from bridge.engine.lines import agent_changes, answering, customer_changes, echoed, inward, names
from bridge.engine.manage import members, provided, staff
from bridge.engine.manage.staff import DeskStarted
from bridge.engine.step import Step
from bridge.ports.channel import (
    Accepted,
    AddressChanged,
    ChannelEvent,
    CustomerLeft,
    HumanEchoed,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Reacted,
    ReceiptChanged,
    TemplatesSynced,
    WishesChanged,
)
from bridge.ports.commands import CommandInvoked
from bridge.ports.workspace import (
    AgentDeleted,
    AgentEdited,
    AgentPosted,
    AgentReacted,
    ConnectionChanged,
    MemberChanged,
    WorkspaceEvent,
)


class MoveAsked(Value, tag="move_asked"):
    """A move from a program: the CLI, the API, the set-up."""

    actor: Actor
    move: Move
    via: EntryPoint


class Unreadable(Value, tag="unreadable"):
    """What came to another process and is not understood here."""

    body: bytes
    why: str


Inbound: TypeAlias = (
    ChannelEvent
    | WorkspaceEvent
    | CommandInvoked
    | BotAnswered
    | BotFailed
    | BotReplayed
    | BotSpoke
    | TimerFired
    | DeskStarted
    | MoveAsked
    | Unreadable
)
"""Everything that becomes an inbox row."""


def decide(step: Step, event: Inbound) -> object:
    """Decide one row; gives what its sender is answered."""
    return _DECISIONS[type(event)](step, event)


def _agent_posted(step: Step, event: AgentPosted) -> object:
    step.via = event.workspace
    decided = answering.agent_posted(step, event)
    if isinstance(decided, Accepted):
        return decided
    commanding.typed(step, event, decided)
    return Accepted()


def _command(step: Step, event: CommandInvoked) -> object:
    step.via = event.workspace
    return commanding.invoked(step, event)


def _move(step: Step, event: MoveAsked) -> Outcome:
    refusal = permission.check(event.actor, event.move, step.desk, via=event.via)
    refusal = refusal or objection(event.actor, event.move, step.desk, step.now, sure=True)
    return refusal or performing.perform(step, event.move, event.actor)


def _unreadable(_step: Step, event: Unreadable) -> object:
    """Nobody can decide it: it is kept as it came."""
    raise ValueError(event.why)


# Any: the table pairs each type with the function that takes just that type.
_DECISIONS: dict[type, Callable[[Step, Any], object]] = {
    MessageReceived: inward.message_received,
    MessageEdited: customer_changes.message_edited,
    MessageDeleted: customer_changes.message_deleted,
    Reacted: customer_changes.reacted,
    ReceiptChanged: customer_changes.receipt_changed,
    AddressChanged: names.address_changed,
    CustomerLeft: leaving.customer_left,
    WishesChanged: leaving.wishes_changed,
    HumanEchoed: echoed.human_echoed,
    TemplatesSynced: provided.templates_synced,
    AgentPosted: _agent_posted,
    AgentEdited: agent_changes.agent_edited,
    AgentDeleted: agent_changes.agent_deleted,
    AgentReacted: agent_changes.agent_reacted,
    MemberChanged: members.member_changed,
    ConnectionChanged: presence.connection_changed,
    CommandInvoked: _command,
    BotAnswered: bots.bot_answered,
    BotFailed: bots.bot_failed,
    BotReplayed: bots.bot_replayed,
    BotSpoke: bots.bot_spoke,
    TimerFired: timers.timer_fired,
    DeskStarted: staff.desk_started,
    MoveAsked: _move,
    Unreadable: _unreadable,
}
