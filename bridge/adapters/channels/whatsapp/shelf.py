"""The number's templates as they were read last, kept over restarts, and when that was."""

import msgspec
import structlog

from bridge.adapters.channels.whatsapp.client import Graph, Page
from bridge.adapters.channels.whatsapp.templates import Listed, Read, read
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import Instant
from bridge.domain.value import Value
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.clock import Clock

log = structlog.get_logger("bridge.whatsapp")

FIELDS = "name,language,status,category,parameter_format,components"
_PAGE = 100
_MOST_PAGES = 200
_PLACE = ("shelf", "templates")


class _Kept(Value):
    """The shelf on disk."""

    at: Instant
    templates: tuple[Read, ...]


class Shelf:
    """Every template of the account."""

    def __init__(self, graph: Graph, store: AdapterStore, clock: Clock) -> None:
        """Empty until it is loaded or read."""
        self._graph = graph
        self._store = store
        self._clock = clock
        self._known: dict[tuple[str, str], Read] = {}
        self.read_at: Instant | None = None
        """When Meta was asked last, with success."""

    async def load(self) -> None:
        """What was read before the last stop. Raises `StorageUnavailable`."""
        body = await self._store.get(*_PLACE)
        if body is None:
            return
        try:
            kept = msgspec.json.decode(body, type=_Kept)
        except msgspec.DecodeError:
            log.warning("templates_unreadable")
            return
        self._put(kept)

    async def sync(self) -> tuple[Read, ...]:
        """Read every page again and keep it. Raises as `Graph.get`, and `StorageUnavailable`."""
        found = {(each.name, each.language): each for each in await self._read()}
        kept = _Kept(at=self._clock.now(), templates=tuple(found.values()))
        await self._store.put(*_PLACE, msgspec.json.encode(kept))
        self._put(kept)
        return kept.templates

    async def _read(self) -> list[Read]:
        found: list[Read] = []
        after = ""
        for _ in range(_MOST_PAGES):
            params = {"fields": FIELDS, "limit": str(_PAGE)} | ({"after": after} if after else {})
            page = await self._graph.get(f"{self._graph.account}/message_templates", Page, params)
            found += _decoded(page)
            after = page.after
            if not after:
                break
        return found

    def has(self, name: str) -> bool:
        """Whether Meta has a template of this name; another one is the desk's own, and text."""
        return any(known == name for known, _ in self._known)

    def find(self, name: str, language: str) -> Read:
        """One template. Raises `DeliveryRejected` when it is not there."""
        known = self._known.get((name, language))
        if known is None:
            raise DeliveryRejected(f"there is no template {name}", "whatsapp_template_gone")
        return known

    def every(self) -> tuple[Read, ...]:
        """All of them."""
        return tuple(self._known.values())

    def _put(self, kept: _Kept) -> None:
        self._known = {(each.name, each.language): each for each in kept.templates}
        self.read_at = kept.at


def _decoded(page: Page) -> list[Read]:
    """One that we cannot read is left out; it does not keep the others away."""
    found = []
    for raw in page.data:
        try:
            found.append(read(msgspec.json.decode(raw, type=Listed)))
        except msgspec.DecodeError as error:
            log.warning("template_unreadable", why=str(error))
    return found
