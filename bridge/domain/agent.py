"""The people who answer: agents, who they are in each workspace, and their queues."""

from enum import StrEnum

from bridge.domain.ids import AgentId, Instant, Language, QueueId, WorkspaceId, WorkspaceUserId
from bridge.domain.value import Value

PHONE = "_phone"
"""The handle of whoever answers on the business's own telephone; no agent can be called so."""


class Role(StrEnum):
    """What an agent may do beyond answering."""

    AGENT = "agent"
    ADMIN = "admin"


class Agent(Value):
    """One person with one capacity. Load is never stored: it is the count of open holds.

    `handle` is what commands call him (`@ana`): lower-case, unique. `alias` is what customers may
    see instead of the name. `last_seq` orders equals: who was assigned longest ago comes first.
    """

    id: AgentId
    handle: str
    name: str
    role: Role = Role.AGENT
    email: str = ""
    alias: str = ""
    active: bool = True
    available: bool = False
    reason: str = ""
    capacity: int = 5
    language: Language = Language("en")
    available_since: Instant | None = None
    last_seen: Instant | None = None
    idle_since: Instant | None = None
    last_seq: int = 0
    missed: int = 0
    cool_until: Instant | None = None

    @property
    def reserved(self) -> bool:
        """No person: he holds what was answered elsewhere, and nobody is sent to him."""
        return self.handle == PHONE


class AgentIdentity(Value):
    """That person's user in one workspace; at most one agent per user."""

    workspace: WorkspaceId
    user: WorkspaceUserId
    agent: AgentId


class Membership(Value):
    """An agent answers a queue; higher levels are tried later.

    In an `ordered` queue the smallest `position` comes first.
    `last_seq` orders equals within the queue, as `Agent.last_seq` does over all.
    """

    agent: AgentId
    queue: QueueId
    level: int = 0
    last_seq: int = 0
    position: int = 0
