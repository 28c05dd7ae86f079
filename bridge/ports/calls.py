"""One platform call as an adapter gets it: everything resolved, nothing left to look up."""

from enum import StrEnum

from bridge.domain.content import Content
from bridge.domain.ids import Address, ExternalId, WorkspaceUserId
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
    a post answers. `mentions` are the only people that the platform may notify.
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


class Sent(Value):
    """The platform took it: its ids for it, and names of the customer that we learned.

    `receipt_follows` is false where the answer itself proves delivery to the other side's store.
    """

    external_ids: tuple[ExternalId, ...] = ()
    addresses: tuple[Address, ...] = ()
