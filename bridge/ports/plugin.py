"""How an adapter is found and built: one `plugin` object behind an entry point."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar, runtime_checkable

import aiohttp
from pydantic import BaseModel

from bridge.domain.ids import Language, RoomRef, WorkspaceId
from bridge.domain.value import Value
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.bot import BotAdapter
from bridge.ports.channel import ChannelAdapter
from bridge.ports.clock import Clock
from bridge.ports.connecting import Connects
from bridge.ports.files import FileStore
from bridge.ports.holding import Alone, Holding, Replaced, never
from bridge.ports.workspace import WorkspaceAdapter

Settings = TypeVar("Settings", bound=BaseModel)
ENGLISH = Language("en")
Adapter = TypeVar("Adapter", bound=ChannelAdapter | WorkspaceAdapter | BotAdapter)


def already() -> asyncio.Event:
    """Where there is one process: it runs the desk."""
    event = asyncio.Event()
    event.set()
    return event


@dataclass(frozen=True, kw_only=True, slots=True)
class AdapterContext:
    """What an adapter is given besides its settings.

    `id` is the name in the settings (`[channels.<id>]`). `secret(purpose)` derives 32 bytes from
    the desk's key, the same at every start. `public_url` has no trailing slash. `http` is the
    shared client session. `language` is the desk's. What only one process of the desk may do is
    done while a name of `holding` is held; the names are the adapter's own. An adapter with a
    session of its own makes it with `bridge.ports.outgoing.Connector` and `replaced`.

    A channel may take what customers send in a process that does not run the desk. `leading` is
    set as soon as this one does; until then what is written to `store` raises `NotLeading`, and no
    name is held. Files that came in are stored by any process.
    """

    id: str
    brand: str
    public_url: str
    store: AdapterStore
    files: FileStore
    clock: Clock
    secret: Callable[[str], bytes]
    http: Callable[[], aiohttp.ClientSession]
    demo: bool = False
    language: Language = ENGLISH
    holding: Holding = field(default_factory=Alone)
    replaced: Replaced = never
    leading: asyncio.Event = field(default_factory=already)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plugin(Generic[Settings, Adapter]):
    """One kind of adapter: the settings it declares and how it is built from them.

    `settings` is a pydantic model with `extra="forbid"`. `build` does no I/O. `connects` makes what
    helps an operator to connect it, where there is such a thing.
    """

    kind: str
    settings: type[Settings]
    build: Callable[[Settings, AdapterContext], Adapter]
    connects: Callable[[], Connects] | None = None


class Check(Value):
    """One line of `doctor`: what was looked at, how it is, and the exact way out."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    warning: bool = False


@runtime_checkable
class Diagnoses(Protocol):
    """An adapter that can say what is wrong with its set-up."""

    async def diagnose(self) -> tuple[Check, ...]:
        """Look at everything that can be looked at without changing anything."""
        ...


@runtime_checkable
class DiagnosesRooms(Protocol):
    """A workspace that can say what is wrong with the rooms that queues are bound to."""

    workspace_id: WorkspaceId

    async def diagnose_rooms(self, rooms: Sequence[RoomRef]) -> tuple[Check, ...]:
        """Look at these, without changing anything; none is a finding, too."""
        ...


@runtime_checkable
class Tidies(Protocol):
    """An adapter that keeps things for a while which nobody may ever need."""

    async def tidy(self) -> None:
        """Throw away what is no longer needed; called about once an hour.

        Raises `StorageUnavailable`; the rest is done the next time.
        """
        ...
