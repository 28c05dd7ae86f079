"""One platform call as an adapter gets it: everything resolved, nothing left to look up."""

from enum import StrEnum

from bridge.domain.content import Content
from bridge.domain.ids import Address, ExternalId, Instant, WorkspaceUserId
from bridge.domain.message import Author
from bridge.domain.value import Value


class CallKind(StrEnum):
    """What to do on the platform."""

    POST = "post"
    EDIT = "edit"
    DELETE = "delete"
    REACT = "react"
    UNREACT = "unreact"


class OutboundCall(Value):
    """One call. `key` is stable over retries: give it to the platform where it takes one.

    `external_id` is the line that an edit, deletion or reaction is about; `quoted` the line that
    a post answers. `mentions` are the only people that the platform may notify; where the text
    names the one who is mentioned, it calls him `called`, and the mention may take its place. A
    `note` is a person's line for the team alone; show it so that nobody takes it for an answer.

    `doubtful` is set when an earlier try of this call may have had its effect; nothing of it
    happened before that moment. An adapter whose capability `repeats` is true makes sure that the
    effect is there once: it looks for what the earlier try left, or gives the platform the same key
    again. It raises `OutcomeUnknown` when it cannot tell yet; then it is asked again later.
    """

    key: str
    kind: CallKind
    content: Content | None = None
    author: Author = Author.SYSTEM
    name: str = ""
    external_id: ExternalId | None = None
    quoted: ExternalId | None = None
    emoji: str = ""
    mentions: tuple[WorkspaceUserId, ...] = ()
    doubtful: Instant | None = None
    note: bool = False
    called: str = ""


class Sent(Value):
    """The platform took it: its ids for it, and names of the customer that we learned.

    `certain` is the one of them that never becomes somebody else's.
    `receipt_follows` is false where the answer itself proves delivery to the other side's store.
    """

    external_ids: tuple[ExternalId, ...] = ()
    addresses: tuple[Address, ...] = ()
    certain: Address | None = None
