"""Tells pages that something they show is out of date; best effort, never stored."""

import asyncio
from collections.abc import AsyncIterator


class Hints:
    """A word for every listener; a listener that is slow gets each word once."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._listeners: set[_Listener] = set()

    def tell(self, words: set[str]) -> None:
        """Tell every listener."""
        for listener in self._listeners:
            listener.words |= words
            listener.ready.set()

    async def listen(self) -> AsyncIterator[str]:
        """Words from now on, until the listener goes away."""
        listener = _Listener()
        self._listeners.add(listener)
        try:
            while True:
                await listener.ready.wait()
                listener.ready.clear()
                words, listener.words = listener.words, set()
                for word in sorted(words):
                    yield word
        finally:
            self._listeners.discard(listener)


class _Listener:
    def __init__(self) -> None:
        self.words: set[str] = set()
        self.ready = asyncio.Event()
