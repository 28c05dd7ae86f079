"""Ids that nobody had before: the writer gives them, decisions only take them."""

import secrets
from collections.abc import Callable
from itertools import count

from bridge.domain.ids import Instant, PublicId

_BITS = 12


class FreshIds:
    """`next` gives a row's id, in the order of time; `public` one that cannot be guessed."""

    def __init__(self) -> None:
        """Nothing is on disk."""
        self.next: Callable[[], int] = count(1).__next__

    def go_on_after(self, last: int, now: Instant) -> None:
        """`last` is the newest on disk."""
        self.next = count(max(last, now << _BITS) + 1).__next__

    @staticmethod
    def public() -> PublicId:
        """For whom it concerns, and for nobody who counts upwards."""
        return PublicId(secrets.token_hex(16))
