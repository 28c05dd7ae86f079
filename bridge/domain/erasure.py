"""That a customer's data was erased: who did it, whom it was by number, and how far it is."""

from bridge.domain.events import Actor
from bridge.domain.ids import Address, ChannelId, ContactId, Instant
from bridge.domain.value import Value


class Erasure(Value):
    """The erasing of one contact. It stays for ever, and says nothing of him when it is done.

    `names` are his addresses, which the rest of the work needs; they go with its end. `digests` are
    keyed digests of them: what a platform brings again from one of them is recognised.
    `conversations` are the numbers, and `counts` how much of what went; both are known at the end.
    """

    id: int
    contact: ContactId
    at: Instant
    by: Actor
    names: tuple[tuple[ChannelId, Address], ...] = ()
    digests: tuple[bytes, ...] = ()
    conversations: tuple[int, ...] = ()
    counts: dict[str, int] = {}
    done_at: Instant | None = None

    @property
    def done(self) -> bool:
        """True when nothing of him is left."""
        return self.done_at is not None
