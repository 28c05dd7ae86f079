"""Rows of what goes on: conversations, holds, thread bindings, replies kept back."""

from typing import TypedDict

import msgspec

from bridge.domain.binding import Binding, Purpose
from bridge.domain.conversation import Conversation, Hold, HoldKind, Priority, Skip, State
from bridge.domain.held import HeldReply
from bridge.domain.ids import Instant, QueueId
from storage.mapping.row import Read, Row

_encode = msgspec.json.Encoder().encode
_skips = msgspec.json.Decoder(tuple[Skip, ...]).decode
_queues = msgspec.json.Decoder(tuple[QueueId, ...]).decode
_NONE = "[]"

TOUCHED = (
    "replied_at",
    "last_customer_at",
    "last_our_at",
    "bot_due",
    "bot_memory",
    "language",
    "warned",
)
"""The columns that an ordinary line changes: when who wrote last, and the bot's part."""


def touched_row(conversation: Conversation) -> Row:
    """Those columns, then the id."""
    c = conversation
    return (
        c.replied_at,
        c.last_customer_at,
        c.last_our_at,
        c.bot_due,
        c.bot_memory,
        c.language,
        c.warned,
        c.id,
    )


def conversation_row(conversation: Conversation) -> Row:
    """The row of a conversation."""
    c = conversation
    return (
        c.id,
        c.number,
        c.public_id,
        c.identity,
        c.contact,
        c.channel,
        c.opened_at,
        c.state._value_,
        c.queue,
        c.agent,
        c.priority._value_,
        c.epoch,
        c.since,
        c.assigned_at,
        c.replied_at,
        c.last_customer_at,
        c.last_our_at,
        c.bot_due,
        c.bot_memory,
        c.reason,
        c.summary,
        c.language,
        c.started_by,
        _encode(c.skips).decode() if c.skips else _NONE,
        c.requeues,
        c.transfers,
        c.notified,
        c.warned,
        c.escalated,
        c.ended_at,
        c.end_cause,
        *_wait_row(c),
    )


def _wait_row(c: Conversation) -> Row:
    """What was done about its wait."""
    widened = _encode(c.widened).decode() if c.widened else _NONE
    return (widened, c.alerts, c.told_place, c.told_at, c.answered_at)


def conversation(row: Read) -> Conversation:
    """The conversation of a row."""
    return Conversation(
        id=row[0],
        number=row[1],
        public_id=row[2],
        identity=row[3],
        contact=row[4],
        channel=row[5],
        opened_at=row[6],
        state=State(row[7]),
        queue=row[8],
        agent=row[9],
        priority=Priority(row[10]),
        epoch=row[11],
        since=row[12],
        assigned_at=row[13],
        replied_at=row[14],
        last_customer_at=row[15],
        last_our_at=row[16],
        bot_due=row[17],
        bot_memory=row[18],
        reason=row[19],
        summary=row[20],
        language=row[21],
        started_by=row[22],
        skips=() if row[23] == _NONE else _skips(row[23]),
        requeues=row[24],
        transfers=row[25],
        notified=bool(row[26]),
        warned=bool(row[27]),
        escalated=bool(row[28]),
        ended_at=row[29],
        end_cause=row[30],
        **_wait(row),
    )


class _Wait(TypedDict):
    widened: tuple[QueueId, ...]
    alerts: int
    told_place: int
    told_at: Instant | None
    answered_at: Instant | None


def _wait(row: Read) -> _Wait:
    return {
        "widened": () if row[31] == _NONE else _queues(row[31]),
        "alerts": row[32],
        "told_place": row[33],
        "told_at": row[34],
        "answered_at": row[35],
    }


def hold_row(hold: Hold) -> Row:
    """The row of a hold."""
    return (
        hold.id,
        hold.conversation,
        hold.agent,
        hold.kind._value_,
        hold.cause,
        hold.started_at,
        hold.slot,
        hold.capacity_at,
        hold.expires_at,
        hold.ended_at,
        hold.end_cause,
    )


def hold(row: Read) -> Hold:
    """The hold of a row."""
    return Hold(
        id=row[0],
        conversation=row[1],
        agent=row[2],
        kind=HoldKind(row[3]),
        cause=row[4],
        started_at=row[5],
        slot=row[6],
        capacity_at=row[7],
        expires_at=row[8],
        ended_at=row[9],
        end_cause=row[10],
    )


def binding_row(binding: Binding) -> Row:
    """The row of a binding."""
    return (
        binding.id,
        binding.conversation,
        binding.workspace,
        binding.room,
        binding.purpose._value_,
        binding.opened_at,
        binding.thread,
        binding.private_to,
        binding.mirrors,
        binding.closed_at,
        binding.close_cause,
    )


def binding(row: Read) -> Binding:
    """The binding of a row."""
    return Binding(
        id=row[0],
        conversation=row[1],
        workspace=row[2],
        room=row[3],
        purpose=Purpose(row[4]),
        opened_at=row[5],
        thread=row[6],
        private_to=row[7],
        mirrors=bool(row[8]),
        closed_at=row[9],
        close_cause=row[10],
    )


def held_reply_row(held: HeldReply) -> Row:
    """The row of a reply that is kept back."""
    return (held.message, held.conversation, held.due_at)


def held_reply(row: Read) -> HeldReply:
    """The kept reply of a row."""
    return HeldReply(message=row[0], conversation=row[1], due_at=row[2])
