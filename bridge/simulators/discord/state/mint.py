"""Snowflakes and secrets."""

import base64
import random
import string
from collections.abc import Callable

EPOCH = 1_420_070_400_000
"""The first millisecond of 2015, where Discord's time begins."""


class Mint:
    """Makes ids that grow and never repeat."""

    def __init__(self, now: Callable[[], float], seed: int | None = None) -> None:
        """`now` gives the wall clock in seconds; `seed` makes secrets repeatable."""
        self.now = now
        self._random = random.Random(seed)
        self._last = 0

    def snowflake(self) -> str:
        """The next id, later than every one before it."""
        value = (int(self.now() * 1000) - EPOCH) << 22
        self._last = max(value, self._last + 1)
        return str(self._last)

    def secret(self, length: int = 64) -> str:
        """A token nobody guesses by counting."""
        return "".join(self._random.choices(string.ascii_letters + string.digits, k=length))

    def bot_token(self, bot_id: str) -> str:
        """A bot's token as Discord makes them: whose it is, when, and the secret."""
        whose = base64.b64encode(bot_id.encode()).decode().rstrip("=")
        return f"{whose}.{self.secret(6)}.{self.secret(38)}"


def moment_of(snowflake: str) -> float:
    """When an id was made, in seconds."""
    return ((int(snowflake) >> 22) + EPOCH) / 1000
