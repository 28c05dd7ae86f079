"""A line that an earlier try may have posted: is it there, or is its nonce still trusted?"""

import msgspec

from bridge.adapters.workspaces.discord.cards.lines import line_body, part_of, shown_part
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.nonces import TRUSTED_FOR
from bridge.adapters.workspaces.discord.refs import part_id
from bridge.adapters.workspaces.discord.sending.changing import Changing
from bridge.adapters.workspaces.discord.sending.finding import Finder
from bridge.adapters.workspaces.discord.sending.speaking import spoken
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.ids import ExternalId
from bridge.ports.calls import OutboundCall

_GROUPS = "groups"

_keys = msgspec.json.Decoder(tuple[str, ...])


class Doubting:
    """Finds lines again. Raises `OutcomeUnknown` when it cannot be told now."""

    def __init__(self, site: Site, finder: Finder, changing: Changing) -> None:
        """The last group of lines of each thread is kept in the adapter's own store."""
        self._site = site
        self._store = site.context.store
        self._finder = finder
        self._changing = changing

    async def note_group(self, thread: str, keys: list[str]) -> None:
        """These are going to be posted as one: only the last group of a thread can be in doubt."""
        await self._store.put(_GROUPS, thread, msgspec.json.encode(keys))

    async def found(self, thread: str, call: OutboundCall) -> ExternalId | None:
        """Where the line stands; None when it is to be posted, with the nonce of its key."""
        if call.doubtful is None:
            return None
        group = await self._group_of(thread, call.key)
        if len(group) > 1:
            return await self._in_group(thread, call, group)
        echo = self._site.echoes.find(self._site.nonces.of(call.key))
        if echo is not None:
            return part_id(echo.line, 0)
        if self._site.clock.now() - call.doubtful < TRUSTED_FOR:
            return None
        nonce, shown = self._site.nonces.of(call.key), _seen(line_body(spoken(call)))
        message = await self._finder.message(
            thread, call.doubtful, lambda one: one.get("nonce") == nonce or _seen(one) == shown
        )
        return None if message is None else part_id(str(message["id"]), 0)

    async def _group_of(self, thread: str, key: str) -> tuple[str, ...]:
        body = await self._store.get(_GROUPS, thread)
        keys = () if body is None else _keys.decode(body)
        return keys if key in keys else ()

    async def _in_group(
        self, thread: str, call: OutboundCall, group: tuple[str, ...]
    ) -> ExternalId | None:
        """Lines that were tried together are looked for: the nonce is that of the first one."""
        part, words = group.index(call.key), shown_part(spoken(call))
        message = await self._finder.message(
            thread,
            call.doubtful or self._site.clock.now(),
            lambda one: part_of(one.get("components") or (), part) == words,
        )
        if message is None:
            return None
        id_ = str(message["id"])
        await self._changing.note_texts(id_, joined=True)
        return part_id(id_, part)


def _seen(message: Json) -> tuple[object, ...]:
    """What people see of a message, as it was sent and as it is told."""
    texts = tuple(str(one.get("content")) for one in message.get("components") or ())
    return message.get("content") or "", texts
