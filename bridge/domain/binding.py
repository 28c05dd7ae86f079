"""How a conversation is tied to a thread of a workspace."""

from enum import StrEnum

from bridge.domain.ids import (
    AgentId,
    BindingId,
    ConversationId,
    Instant,
    RoomRef,
    ThreadRef,
    WorkspaceId,
)
from bridge.domain.value import Value


class Purpose(StrEnum):
    """Why the thread exists: to answer, to wait for a taker, or for an admin to watch."""

    WORK = "work"
    WAITING = "waiting"
    MONITOR = "monitor"


class Binding(Value):
    """One thread (or card) of one conversation; never re-pointed, closed once.

    `thread` is None until the platform has answered the opening call. `private_to` is set under
    visibility `assignee`. `mirrors` tells whether customers' lines are posted in it.
    """

    id: BindingId
    conversation: ConversationId
    workspace: WorkspaceId
    room: RoomRef
    purpose: Purpose
    opened_at: Instant
    thread: ThreadRef | None = None
    private_to: AgentId | None = None
    mirrors: bool = False
    closed_at: Instant | None = None
    close_cause: str = ""
