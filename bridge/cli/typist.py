"""The operator at his terminal."""

import asyncio
import sys
from getpass import getpass

from bridge.cli.terminal import terminal_language
from bridge.domain.errors import InvalidSettings
from bridge.locales import say

_YES = frozenset({"y", "yes", "s", "sim"})


class Typist:
    """Shows and asks on the standard streams."""

    def tell(self, text: str) -> None:
        """Print it."""
        print(f"\n{text}" if "\n" in text else text)

    async def ask(self, question: str, *, secret: bool = False) -> str:
        """Read a line; a secret one is not shown.

        Raises `InvalidSettings` without a terminal, and when its end is typed (Ctrl-D).
        """
        read = getpass if secret else input
        try:
            return (await asyncio.to_thread(read, f"{question} ")).strip()
        except EOFError as end:
            print()
            key = "stopped" if sys.stdin.isatty() else "no_terminal"
            raise InvalidSettings(say(terminal_language(), f"cli.connect.{key}")) from end

    async def agrees(self, question: str) -> bool:
        """Anything but yes is no."""
        answer = await self.ask(f"{question} {say(terminal_language(), 'cli.connect.yes_no')}")
        return answer.lower() in _YES
