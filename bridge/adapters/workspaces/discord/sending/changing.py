"""Lines that were posted before: changed, or taken away, alone or as a part of a message."""

from bridge.adapters.workspaces.discord.cards import layout
from bridge.adapters.workspaces.discord.cards.lines import (
    Line,
    as_texts,
    line_body,
    texts_body,
    with_part,
    without_part,
)
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.errors import UNKNOWN_MESSAGE, DiscordRefusal
from bridge.adapters.workspaces.discord.refs import LineRef
from bridge.adapters.workspaces.discord.sending.places import Spot
from bridge.adapters.workspaces.discord.sending.waking import Waking
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.errors import DeliveryRejected
from bridge.ports.pace import Urgency

_TEXTS = "texts"
_JOINED, _ALONE = b"joined", b""


class Changing:
    """Edits and deletes lines of ours."""

    def __init__(self, site: Site, waking: Waking) -> None:
        """Which messages are made of texts is kept in the adapter's own store."""
        self._site = site
        self._store = site.context.store
        self._waking = waking

    async def note_texts(self, message: str, *, joined: bool) -> None:
        """Remember that this message is of the new kind: it stays so, whatever becomes of it."""
        await self._store.put(_TEXTS, message, _JOINED if joined else _ALONE)

    async def edit(self, thread: str, ref: LineRef, line: Line) -> None:
        """Show a line in another way."""
        place, kind = Spot(channel=thread, message=ref.message), await self._kind(ref)
        if kind != _JOINED:
            await self._update(place, line_body(line), is_texts=kind is not None)
            return
        parts = with_part(await self._parts(place), ref.part, line)
        if parts is None:
            raise DeliveryRejected("this part of the message was taken away", "line_gone")
        await self._update(place, texts_body(parts), is_texts=True)

    async def delete(self, thread: str, ref: LineRef) -> None:
        """Take a line away; one that is gone is gone."""
        place = Spot(channel=thread, message=ref.message)
        try:
            if await self._kind(ref) == _JOINED:
                left = without_part(await self._parts(place), ref.part)
                if left:
                    await self._update(place, texts_body(left), is_texts=True)
                    return
            await self._waking.awake(thread, lambda: self._delete(place))
        except DiscordRefusal as error:
            if error.discord_code != UNKNOWN_MESSAGE:
                raise

    async def _delete(self, place: Spot) -> Json:
        return await self._site.discord.call(place.delete, urgency=Urgency.LINE)

    async def _update(self, place: Spot, body: Json, *, is_texts: bool) -> None:
        if is_texts:
            body = as_texts(body)
        elif body["flags"] == layout.IS_COMPONENTS_V2:
            await self.note_texts(place.message, joined=False)
            body = {**body, "content": None}

        async def edit() -> Json:
            return await self._site.discord.call(place.edit, body, urgency=Urgency.LINE)

        await self._waking.awake(place.channel, edit)

    async def _kind(self, ref: LineRef) -> bytes | None:
        """None for a message that has `content`."""
        if ref.part:
            return _JOINED
        return await self._store.get(_TEXTS, ref.message)

    async def _parts(self, place: Spot) -> list[Json]:
        """A message's texts as they are now."""
        answer = await self._site.discord.call(place.read, urgency=Urgency.LINE)
        return list(answer.get("components") or ())
