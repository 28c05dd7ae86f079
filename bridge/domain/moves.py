"""What a person or a program may ask the desk to do, in the imperative, everything resolved.

A command's words become one move; the engine carries it out or refuses with an `Outcome`.
"""

from typing import TypeAlias

from bridge.domain.agent import Role
from bridge.domain.conversation import Priority
from bridge.domain.delivery import OfferedCommand
from bridge.domain.hours import Hours
from bridge.domain.ids import (
    Address,
    AgentId,
    ChannelId,
    ContactId,
    ConversationId,
    HoldId,
    MessageId,
    QueueId,
    RoomRef,
    TemplateId,
    TicketId,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.queue import (
    Alert,
    ClosedPolicy,
    NamePolicy,
    Order,
    OverflowEnd,
    Strategy,
    Visibility,
)
from bridge.domain.value import Value


class _Move(Value, tag=True, tag_field="move"):
    """Each is told apart by its name when it is stored."""


class SetPresence(_Move):
    """Make an agent available or not; `handover` also gives away what he holds."""

    agent: AgentId
    available: bool
    reason: str = ""
    handover: bool = False


class Take(_Move):
    """Take control; `force` lets an admin go past a full capacity.

    `offer` is the one that is accepted by it; None: whatever stands.
    """

    conversation: ConversationId
    force: bool = False
    offer: HoldId | None = None


class DeclineOffer(_Move):
    """Say no to an offer; it goes to somebody else."""

    conversation: ConversationId
    offer: HoldId | None = None


class TransferToAgent(_Move):
    """Give the conversation to another agent."""

    conversation: ConversationId
    agent: AgentId
    note: str = ""
    force: bool = False


class TransferToQueue(_Move):
    """Put the conversation into another queue; its place by waiting time is kept.

    `park` lets it wait for a closed queue to open. `prefer` is whom it was meant for: there he
    comes first, like an agent who had the customer last.
    """

    conversation: ConversationId
    queue: QueueId
    note: str = ""
    park: bool = False
    prefer: AgentId | None = None


class SetPriority(_Move):
    """Change the priority."""

    conversation: ConversationId
    priority: Priority


class OpenTicket(_Move):
    """Open a case for the contact."""

    contact: ContactId
    conversation: ConversationId | None
    type: str
    status: str
    description: str


class ChangeTicket(_Move):
    """Change a case, seen from one of its contact's conversations; None leaves a field as it is."""

    ticket: TicketId
    conversation: ConversationId
    type: str | None = None
    status: str | None = None
    description: str | None = None


class SendTemplate(_Move):
    """Send a filled template into a conversation."""

    conversation: ConversationId
    template: TemplateId
    values: dict[str, str] = {}


class StartConversation(_Move):
    """Open a conversation with an address that may never have written, by a template."""

    channel: ChannelId
    address: Address
    template: TemplateId
    values: dict[str, str] = {}
    name: str = ""


class ReturnToBot(_Move):
    """End the human part; `confirmed` although the customer wrote last."""

    conversation: ConversationId
    summary: str = ""
    confirmed: bool = False


class AddNote(_Move):
    """Write a line that only the team sees."""

    conversation: ConversationId
    text: str


class Watch(_Move):
    """Mirror a conversation into the monitor room of the asker's workspace, or stop it."""

    conversation: ConversationId
    workspace: WorkspaceId
    stop: bool = False


class SendAnyway(_Move):
    """Send a line that was kept back for a mention."""

    message: MessageId


class RetryLine(_Move):
    """Call the platform again for a line that failed or is unknown."""

    message: MessageId


class CreateQueue(_Move):
    """Open a new queue; `name` is its word in commands."""

    name: str
    title: str


class ChangeQueue(_Move):
    """Change a queue; None leaves a field as it is. Times in milliseconds.

    `always_open` takes its hours away.
    """

    queue: QueueId
    title: str | None = None
    active: bool | None = None
    strategy: Strategy | None = None
    visibility: Visibility | None = None
    names: NamePolicy | None = None
    first_reply_timeout: int | None = None
    notify_after: int | None = None
    inactivity_timeout: int | None = None
    max_waiting: int | None = None
    sticky_window: int | None = None
    sticky_wait: int | None = None
    starvation: int | None = None
    max_transfers: int | None = None
    order: Order | None = None
    specialist_first: bool | None = None
    require_connected: bool | None = None
    escalate_after: int | None = None
    offer_timeout: int | None = None
    max_wait: int | None = None
    overflow: tuple[QueueId, ...] | None = None
    overflow_end: OverflowEnd | None = None
    hours: Hours | None = None
    always_open: bool = False
    closed_policy: ClosedPolicy | None = None
    wait_target: int | None = None
    reply_target: int | None = None
    alerts: tuple[Alert, ...] | None = None
    tell_waiting: int | None = None
    targets: dict[Priority, int] | None = None


class SetMember(_Move):
    """Add an agent to a queue at a level, or take him out (`level` None).

    `position` is his place in an `ordered` queue; None leaves it as it is.
    """

    queue: QueueId
    agent: AgentId
    level: int | None = 0
    position: int | None = None


class BindRoom(_Move):
    """A queue's threads (None: the monitor cards) appear in this room."""

    workspace: WorkspaceId
    room: RoomRef
    title: str
    queue: QueueId | None


class UnbindRoom(_Move):
    """The room is not used any more."""

    workspace: WorkspaceId
    room: RoomRef


class CreateAgent(_Move):
    """A new agent, with his user in one workspace if known."""

    handle: str
    name: str
    role: Role = Role.AGENT
    email: str = ""
    capacity: int = 5
    language: str = "en"
    workspace: WorkspaceId | None = None
    user: WorkspaceUserId | None = None


class ChangeAgent(_Move):
    """Change an agent; None leaves a field as it is."""

    agent: AgentId
    name: str | None = None
    alias: str | None = None
    role: Role | None = None
    capacity: int | None = None
    language: str | None = None
    active: bool | None = None


class LinkAgent(_Move):
    """This user of this workspace is that agent."""

    agent: AgentId
    workspace: WorkspaceId
    user: WorkspaceUserId


class EndForErasure(_Move):
    """End what is open of a contact who is to be erased."""

    contact: ContactId


class EraseContact(_Move):
    """Know a contact no more from now on; the rest of what he said is removed bit by bit."""

    contact: ContactId


class CreateTemplate(_Move):
    """A local template that every channel may send."""

    name: str
    language: str
    body: str


ConversationMove: TypeAlias = (
    Take
    | DeclineOffer
    | TransferToAgent
    | TransferToQueue
    | SetPriority
    | SendTemplate
    | ReturnToBot
    | AddNote
    | Watch
)
DeskMove: TypeAlias = (
    SetPresence
    | OpenTicket
    | ChangeTicket
    | StartConversation
    | SendAnyway
    | RetryLine
    | CreateQueue
    | ChangeQueue
    | SetMember
    | BindRoom
    | UnbindRoom
    | CreateAgent
    | ChangeAgent
    | LinkAgent
    | CreateTemplate
    | EndForErasure
    | EraseContact
)
Move: TypeAlias = ConversationMove | DeskMove


class Outcome(Value):
    """What became of a move. `code` is a catalogue key under `answer.`; `data` fills it.

    `offers` are the ways on (confirm, force, the queue instead).
    """

    ok: bool
    code: str
    data: dict[str, str] = {}
    offers: tuple[OfferedCommand, ...] = ()


def done(code: str = "ok", **data: str) -> Outcome:
    """It was done."""
    return Outcome(ok=True, code=code, data=data)


def refused(code: str, *offers: OfferedCommand, **data: str) -> Outcome:
    """It was not done; nothing changed."""
    return Outcome(ok=False, code=code, data=data, offers=offers)
