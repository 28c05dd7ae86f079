"""How much memory an active conversation keeps: what a start with many of them adds, shared out."""

import ctypes
import gc
from pathlib import Path

import psutil

from bridge.app.storing import open_database
from bridge.bench.orders import Memory
from bridge.bench.tasks.seeding import SITE, TEAM, Past
from bridge.domain.delivery import Delivery
from bridge.engine.engine import Engine
from bridge.engine.state.options import ChannelPlace, DeskOptions, Places, WorkspacePlace
from bridge.engine.step import Effects
from bridge.ports.capabilities import ChannelCapabilities, WorkspaceCapabilities
from bridge.ports.clock import SystemClock
from bridge.ports.store import Changes

_SLOTS = 250


async def seed(folder: Path, conversations: int) -> None:
    """A desk whose agents have so many conversations, each in a thread."""
    database = open_database(folder / "desk.db", files_dir=folder / "files")
    past = Past()
    changes = Changes()
    queue = past.queue(changes)
    for start in range(0, conversations, _SLOTS):
        agent = past.agent(changes, _SLOTS)
        for slot in range(1, min(_SLOTS, conversations - start) + 1):
            past.assign(changes, past.conversation(changes), agent, queue, slot)
        await database.store.commit(changes)
        changes = Changes()
    await database.close()


async def memory(order: Memory) -> dict[str, list[float]]:
    """Resident bytes of one active conversation.

    The engine starts with all of them and the database is closed, so that its page cache is not
    counted; what the start had used for a moment is given back to the system.
    """
    folder = Path(order.folder)
    if order.seed:
        await seed(folder, order.conversations)
        return {}
    database = open_database(folder / "desk.db", files_dir=folder / "files")
    before = _resident()
    engine = Engine(
        store=database.store,
        clock=SystemClock(),
        places=_places(),
        options=DeskOptions(),
        key=b"k" * 32,
    )
    await engine.start(_Nobody())
    assert len(engine.desk.conversations) == order.conversations
    await engine.stop()
    await database.close()
    return {"conversation_bytes": [(_resident() - before) / order.conversations]}


class _Nobody:
    """Keeps no promises; there are none."""

    def idle(self, delivery: Delivery) -> bool:
        """Nothing is called."""
        return False

    def committed(self, effects: Effects) -> None:
        """Nothing is called."""


def _places() -> Places:
    channel = ChannelPlace(id=SITE, label="Web chat", capabilities=ChannelCapabilities())
    team = WorkspacePlace(id=TEAM, capabilities=WorkspaceCapabilities())
    return Places(channels={SITE: channel}, workspaces={TEAM: team})


def _resident() -> int:
    """Bytes of this process in memory, without what it could give back."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of the GNU C library
    if trim is not None:
        trim(0)
    return int(psutil.Process().memory_info().rss)
