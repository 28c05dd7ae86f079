"""What a button carries: the choice's own id, or a short name for one that is too long for it.

https://core.telegram.org/bots/api#inlinekeyboardbutton: 1 to 64 bytes.
"""

import hashlib
from collections.abc import Iterable

from msgspec.structs import replace

from bridge.adapters.channels.telegram.inbound import Happened
from bridge.domain.content import Choice
from bridge.domain.errors import StorageUnavailable, TemporaryFailure
from bridge.domain.ids import DAY
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.channel import MessageReceived
from bridge.ports.clock import Clock

DATA = 64
KEPT = 180 * DAY
"""A button that nobody pressed for so long is forgotten."""
_SHORT = "~"
_PLACE = "buttons"


def data_of(choice: str) -> str:
    """What a button for this choice carries."""
    if 0 < len(choice.encode()) <= DATA and not choice.startswith(_SHORT):
        return choice
    return f"{_SHORT}{hashlib.sha256(choice.encode()).hexdigest()[:40]}"


class Buttons:
    """The long names behind the short ones."""

    def __init__(self, store: AdapterStore, clock: Clock) -> None:
        """Kept over restarts."""
        self._store = store
        self._clock = clock

    async def keep(self, choices: Iterable[Choice]) -> None:
        """Remember what will not fit, before it is shown. Raises `TemporaryFailure`."""
        for choice in choices:
            data = data_of(choice.id)
            if data != choice.id:
                body = f"{self._clock.now()} {choice.id}".encode()
                try:
                    await self._store.put(_PLACE, data, body)
                except StorageUnavailable as error:
                    raise TemporaryFailure("a button cannot be kept now") from error

    async def meant(self, happened: Happened) -> Happened:
        """The same with the choice that was meant. Raises `StorageUnavailable`."""
        event = happened.event
        if not isinstance(event, MessageReceived) or event.content.chosen is None:
            return happened
        if not event.content.chosen.startswith(_SHORT):
            return happened
        kept = await self._store.get(_PLACE, event.content.chosen)
        if kept is None:
            return happened
        chosen = kept.decode().partition(" ")[2]
        content = replace(event.content, chosen=chosen)
        return replace(happened, event=replace(event, content=content))

    async def tidy(self) -> None:
        """Forget what is old. Raises `StorageUnavailable`."""
        for each in await self._store.scan(_PLACE):
            at, _, _ = each.body.decode().partition(" ")
            if int(at) + KEPT < self._clock.now():
                await self._store.remove(_PLACE, each.key)
