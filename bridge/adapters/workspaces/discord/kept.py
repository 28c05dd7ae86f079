"""What a button says that has no room in its id: kept for a while, over restarts."""

import hashlib

import msgspec
from msgspec.structs import replace

from bridge.adapters.common.recent import Recent
from bridge.adapters.workspaces.discord.custom_ids import Pressed, custom_id, fits, read_custom_id
from bridge.domain.ids import DAY, Instant
from bridge.domain.value import Value
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.clock import Clock

_COLLECTION = "kept_arguments"
KEPT_FOR = 2 * DAY
"""Private answers live until the client is closed, direct messages longer: nobody presses then."""


class _Kept(Value, array_like=True):
    at: Instant
    arguments: dict[str, str]


_decoder = msgspec.json.Decoder(_Kept)


class Kept:
    """Gives ids, and knows afterwards what they say."""

    def __init__(self, store: AdapterStore, clock: Clock) -> None:
        """Stand on the adapter's own store."""
        self._store = store
        self._clock = clock
        self._known: Recent[dict[str, str]] = Recent()
        self._unsaved: dict[str, dict[str, str]] = {}

    def id(self, pressed: Pressed, place: int = 0) -> str:
        """The custom id; `save` before anybody sees it."""
        if fits(pressed, place):
            return custom_id(pressed, place)
        written = msgspec.json.encode(pressed.arguments, order="sorted")
        name = hashlib.sha256(written).hexdigest()[:20]
        self._known.put(name, pressed.arguments)
        self._unsaved[name] = pressed.arguments
        return custom_id(replace(pressed, arguments={}, kept=name), place)

    async def save(self) -> None:
        """Everything that was given an id is kept. Raises `StorageUnavailable`."""
        while self._unsaved:
            name, arguments = next(iter(self._unsaved.items()))
            body = msgspec.json.encode(_Kept(at=self._clock.now(), arguments=arguments))
            await self._store.put(_COLLECTION, name, body)
            self._unsaved.pop(name, None)

    async def read(self, written: str) -> Pressed | None:
        """What an id of ours says; None for any other, and for one that is too old."""
        pressed = read_custom_id(written)
        if pressed is None or not pressed.kept:
            return pressed
        arguments = self._known.get(pressed.kept)
        if arguments is None:
            body = await self._store.get(_COLLECTION, pressed.kept)
            if body is None:
                return None
            arguments = _decoder.decode(body).arguments
        return replace(pressed, arguments=arguments, kept="")

    async def tidy(self) -> None:
        """Forget what nobody will press any more."""
        until = self._clock.now() - KEPT_FOR
        for document in await self._store.scan(_COLLECTION):
            if _decoder.decode(document.body).at < until:
                await self._store.remove(_COLLECTION, document.key)
