"""Which columns are a customer's, in every table: what is exported for him, and what is erased.

A test goes through all tables and fails for a column of words or bytes that is in neither list.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from bridge.domain.erasure import Erasure
from bridge.domain.value import Value
from bridge.ports.personal import Parts, Record
from storage.asking import Given, every
from storage.mapping.erasures import erasure
from storage.mapping.folding import wanted
from storage.mapping.row import Read
from storage.reads import Reader


class Held(Value):
    """A table with rows of customers: what is read of them, and which columns are personal.

    Of a row that is `removed` nothing is left; else the personal columns are written over and the
    rest stays, for the numbers of reports.
    """

    columns: tuple[str, ...]
    personal: frozenset[str]
    removed: bool


def _removed(columns: str, personal: str) -> Held:
    return Held(columns=tuple(columns.split()), personal=frozenset(personal.split()), removed=True)


def _blanked(columns: str, personal: str) -> Held:
    return Held(columns=tuple(columns.split()), personal=frozenset(personal.split()), removed=False)


PERSONAL: Final[Mapping[str, Held]] = {
    "contact": _blanked("id name created_at search", "name search"),
    "identity": _blanked(
        "id contact channel address name language certain search heard_at refuses merged",
        "address name language certain search",
    ),
    "alias": _removed("channel address identity", "address"),
    "conversation": _blanked(
        "id number public_id identity contact channel opened_at state queue agent priority "
        "last_customer_at bot_memory reason summary language ended_at end_cause",
        "bot_memory reason summary",
    ),
    "message": _removed(
        "id conversation at author name content agent internal edited_at deleted_at receipt "
        "receipt_reason",
        "name content receipt_reason",
    ),
    # What came in is known by a keyed digest of its name afterwards, so that it stays erased.
    "message_link": _removed("scope external_id message conversation part", "external_id"),
    # Its platform's name for it is made a random one; what was billed is counted as before.
    "billed": _blanked("channel external_id conversation category at", "external_id"),
    "event": _blanked("id at kind actor conversation agent queue cause data", "actor cause data"),
    "ticket": _blanked(
        "id number contact conversation type status description opened_at changed_at closed",
        "description",
    ),
    "delivery": _removed(
        "id lane side place conversation body created_at state attempts error changed_at",
        "body error",
    ),
    "inbox": _removed("id at kind body state error", "body error"),
    "journal": _removed("seq adapter journal key body", "journal key body"),
    "document": _removed("adapter collection key body", "key body"),
    "file": _removed("id kind mime size name created_at", "name"),
    # Only while the erasure is under way: the work needs them to its end.
    "erasure": _blanked("id contact at names done_at", "names"),
}

PASSING: Final[Mapping[str, frozenset[str]]] = {
    "arrival": frozenset({"body", "adapter", "journal", "key", "entry"}),
}
"""What came to another process: whoever leads decides it within seconds, and it is removed."""

NOT_PERSONAL: Final[Mapping[str, frozenset[str]]] = {
    "agent": frozenset({"handle", "name", "role", "email", "alias", "reason", "language"}),
    "agent_identity": frozenset({"workspace", "user"}),
    "alias": frozenset({"channel"}),
    "billed": frozenset({"channel", "category"}),
    "binding": frozenset({"workspace", "room", "purpose", "thread", "close_cause"}),
    "conversation": frozenset(
        {"public_id", "channel", "state", "language", "skips", "end_cause", "widened"}
    ),
    "delivery": frozenset({"lane", "side", "place", "state"}),
    "document": frozenset({"adapter", "collection"}),
    "erasure": frozenset({"actor", "digests", "conversations", "counts"}),
    "event": frozenset({"kind"}),
    "file": frozenset({"id", "kind", "mime"}),
    "hold": frozenset({"kind", "cause", "end_cause"}),
    "identity": frozenset({"channel", "refuses"}),
    "inbox": frozenset({"kind", "state"}),
    "inbox_digest": frozenset({"digest"}),
    "journal": frozenset({"adapter"}),
    "lease": frozenset({"name", "holder"}),
    "message": frozenset({"author"}),
    "message_link": frozenset({"scope"}),
    "queue": frozenset(
        {
            "name",
            "title",
            "strategy",
            "visibility",
            "names",
            "ordered_by",
            "overflow",
            "overflow_end",
            "hours",
            "closed_policy",
            "alerts",
            "targets",
        }
    ),
    "room": frozenset({"workspace", "ref", "title"}),
    "template": frozenset({"name", "language", "body", "channel", "category", "special"}),
    "ticket": frozenset({"type", "status"}),
}
"""Words of the team and of programs, numbers of ours, and keyed digests."""

SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    **{table: held.columns for table, held in PERSONAL.items()},
    "hold": ("id", "conversation", "agent", "kind", "cause", "started_at", "ended_at"),
    "binding": (
        "id", "conversation", "workspace", "room", "purpose", "thread", "opened_at", "closed_at",
    ),
    "held_reply": ("message", "conversation", "due_at"),
    "entry": PERSONAL["journal"].columns,
    "people_like": PERSONAL["identity"].columns,
    "passed_deliveries": ("id", "conversation"),
}  # fmt: skip
"""What can be read: the columns of each row."""

Write = Callable[[Parts], Awaitable[None]]
Sweep = Callable[[], Awaitable[bool]]


class StoredPersonal:
    """See `bridge.ports.personal.Personal`."""

    def __init__(self, reader: Reader, write: Write, sweep: Sweep) -> None:
        """`write` writes parts in one transaction; `sweep` empties the log of the database."""
        self._reader = reader
        self._write = write
        self._sweep = sweep

    async def find(self, text: str, limit: int) -> Sequence[Record]:
        """Identities whose name, or address that people know, has this in it."""
        looked_for = "".join(f"/{each}" if each in "/%_" else each for each in wanted(text))
        return await self.read("people_like", f"%{looked_for}%", limit)

    async def write(self, parts: Parts) -> None:
        """Write all of it in one short transaction, or nothing."""
        await self._write(parts)

    async def sweep(self) -> bool:
        """Leave nothing of what was removed in the log of the database."""
        return await self._sweep()

    async def read(self, what: str, *given: Given) -> Sequence[Record]:
        """Rows of a table of the registry, or what one of its questions finds."""
        if any(isinstance(value, list) and not value for value in given):
            return ()  # of no keys there are no rows
        names = SHAPES[what]

        def record(row: Read) -> Record:
            return dict(zip(names, row, strict=True))

        return await self._reader.ask(every(f"personal_{what}", given, record))

    async def erasures(self) -> Sequence[Erasure]:
        """Every erasure, oldest first."""
        return await self._reader.ask(every("all_erasures", (), erasure))
