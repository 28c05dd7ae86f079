"""Makes the row of what came in, with the names under which the same is recognised."""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from bridge.domain.ids import ExternalId, InboxId, Instant, SourceKey
from bridge.domain.message import channel_scope
from bridge.engine.decide import Inbound, Unreadable
from bridge.engine.fresh_ids import FreshIds
from bridge.engine.state.erased import Erased
from bridge.ports.channel import MessageReceived
from bridge.ports.store import InboxRow

_encode = msgspec.json.Encoder().encode


class Intake:
    """Names what comes in. A customer's line has its name already: the platform's."""

    def __init__(self, key: bytes, ids: FreshIds, erased: Erased | None = None) -> None:
        """`key` keys the digests of sources; it must stay the same over restarts."""
        self._erased = erased or Erased()
        self._key = key
        self._ids = ids

    def row(self, at: Instant, event: Inbound, source: Sequence[SourceKey]) -> InboxRow:
        """What came in, to be decided."""
        line = _line(event) if type(event) is MessageReceived else None
        digests = [self.digest(word) for word in source]
        if type(event) is MessageReceived and line is not None and self._was_erased(event):
            digests.append(self.line(*line))
        return InboxRow(
            id=InboxId(self._ids.next()),
            at=at,
            kind=event.__struct_config__.tag or "",  # type: ignore[arg-type]  # ours are strings
            digests=tuple(digests),
            line=line,
        )

    def _was_erased(self, event: MessageReceived) -> bool:
        """Whoever wrote it is a stranger now; what he wrote before stays known by its digest."""
        return self._erased.has(event.channel, (event.address, *event.also))

    def dead(self, row: InboxRow, event: Inbound, error: str) -> InboxRow:
        """What could not be decided, as it came. No line was written: its name is a digest now."""
        digests = row.digests
        if row.line is not None:
            digests = (*digests, self.line(*row.line))
        body = event.body if isinstance(event, Unreadable) else _encode(event)
        return replace(row, state="dead", error=error, body=body, digests=digests, line=None)

    def line(self, scope: str, external_id: str) -> bytes:
        """The digest of a line's name, where there is no line that has it."""
        return self.digest(f"{scope}/{external_id}")

    def digest(self, word: str) -> bytes:
        """The name under which a source is known."""
        return blake2b(word.encode(), key=self._key, digest_size=16).digest()


def _line(event: MessageReceived) -> tuple[str, ExternalId]:
    """What the line's link will call it."""
    return channel_scope(event.channel), event.external_id
