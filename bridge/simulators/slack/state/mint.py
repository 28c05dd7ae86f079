"""Ids and timestamps in Slack's shapes."""

import itertools
import random
import string
from collections.abc import Callable

_LETTERS = string.ascii_uppercase + string.digits


class Mint:
    """Makes ids that never repeat and timestamps that grow in each channel.

    Two channels may well give the same timestamp: only channel and ts name a message.
    """

    def __init__(self, now: Callable[[], float], seed: int | None = None) -> None:
        """`now` gives the wall clock in seconds; `seed` makes the ids repeatable."""
        self.now = now
        self._random = random.Random(seed)
        self._count = itertools.count(1)
        self._last: dict[str, int] = {}

    def id(self, prefix: str) -> str:
        """An id such as `U0F3KX0001`."""
        noise = "".join(self._random.choices(_LETTERS, k=5))
        return f"{prefix}0{noise}{next(self._count):04d}"

    def secret(self, prefix: str = "", length: int = 32) -> str:
        """A token nobody guesses by counting."""
        letters = string.ascii_lowercase + string.digits
        return prefix + "".join(self._random.choices(letters, k=length))

    def ts(self, channel: str) -> str:
        """The next timestamp of this channel, later than every one before it."""
        wanted = int(self.now() * 1_000) * 1_000 + 9
        value = max(wanted, self._last.get(channel, 0) + 10)
        self._last[channel] = value
        return f"{value // 1_000_000}.{value % 1_000_000:06d}"

    def seconds(self) -> int:
        """The wall clock in whole seconds."""
        return int(self.now())
