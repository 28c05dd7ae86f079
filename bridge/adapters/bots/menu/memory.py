"""Where a customer is in a script, as the desk keeps it for us."""

import msgspec
from msgspec.structs import replace

from bridge.adapters.bots.menu.script import Script
from bridge.domain.value import Value

_LONGEST_WAY = 8


class Memory(Value):
    """His menu, the choices that led him there, and how often we did not understand in a row."""

    menu: str
    way: tuple[str, ...] = ()
    missed: int = 0

    def text(self) -> str:
        """The memory as the desk stores it."""
        return msgspec.json.encode(self).decode()

    def after(self, option_id: str) -> "Memory":
        """The memory with one more choice; only the last few are kept."""
        return replace(self, way=(*self.way, option_id)[-_LONGEST_WAY:])


def remember(text: str, script: Script) -> Memory:
    """The memory of a text; the beginning, if the text or its menu means nothing any more."""
    try:
        memory = msgspec.json.decode(text or "{}", type=Memory)
    except msgspec.DecodeError:
        return Memory(menu=script.start)
    return memory if memory.menu in script.menus else Memory(menu=script.start)
