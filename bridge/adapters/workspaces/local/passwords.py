"""Passwords: argon2id away from the event loop, a few at a time, the same time for nobody."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 200
_AT_ONCE = 2


class Passwords:
    """Hashes and verifies; an unknown person costs as much time as a known one."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Take the library's parameters unless told otherwise."""
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, kept: str, password: str) -> bool:
        """Whether this is the password; `kept` may be empty, then it never is."""
        if self._nobody is None:
            self._nobody = await self.hash("the password of nobody")
        async with self._turn:
            right = await asyncio.to_thread(self._verify, kept or self._nobody, password)
        return right and bool(kept)

    def outdated(self, kept: str) -> bool:
        """Whether it should be hashed again with the parameters of today."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def weakness(password: str, email: str) -> str | None:
    """Why a password is not good enough, as a catalogue key; None when it is."""
    if len(password) < SHORTEST:
        return "local.password.short"
    if len(password) > LONGEST:
        return "local.password.long"
    known = (email.lower(), email.split("@", maxsplit=1)[0].lower())
    if password.lower().strip() in known or len(set(password)) < 4:
        return "local.password.easy"
    return None
