"""Whose names were erased: what a platform brings again of them is recognised by a digest."""

from collections.abc import Iterable
from hashlib import blake2b

from bridge.domain.ids import Address, ChannelId


class Erased:
    """The addresses of everybody who was erased, as keyed digests: nobody can read them back."""

    def __init__(self, key: bytes = b"") -> None:
        """Nobody was; `key` must stay the same over restarts."""
        self._key = key
        self._digests: set[bytes] = set()

    def digest(self, channel: ChannelId, address: Address) -> bytes:
        """What is kept of an address."""
        word = f"erased/{channel}/{address}".encode("utf-8", "surrogatepass")
        return blake2b(word, key=self._key, digest_size=16).digest()

    def add(self, digests: Iterable[bytes]) -> frozenset[bytes]:
        """Whoever is known by these was erased; gives those that are new."""
        new = frozenset(digests) - self._digests
        self._digests |= new
        return new

    def remove(self, digests: Iterable[bytes]) -> None:
        """It never came to be."""
        self._digests.difference_update(digests)

    def has(self, channel: ChannelId, addresses: Iterable[Address]) -> bool:
        """Whether one of these was somebody's who was erased; costs nothing while nobody was."""
        return bool(self._digests) and any(
            self.digest(channel, address) in self._digests for address in addresses
        )
