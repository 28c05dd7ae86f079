"""Looks for what an earlier try may have left in Slack: our own posts, by their metadata.

A post is seen in a history only after a moment, so the first thing is to wait for it. What cannot
be read now stays unknown: whoever asked asks again later.
"""

import asyncio
from collections.abc import AsyncIterator

from bridge.adapters.workspaces.slack.blocks.outbound import LINE_EVENT, THREAD_EVENT
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.refs import LineRef, Place
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.errors import OutcomeUnknown, TemporaryFailure
from bridge.domain.ids import SECOND, BindingId, Instant

_CLOCKS_DIFFER = 60 * SECOND


class Finder:
    """Finds our posts again. Raises `OutcomeUnknown` when it cannot be told now."""

    def __init__(self, site: Site) -> None:
        """Look with the workspace's own client."""
        self._site = site

    async def wait(self) -> None:
        """Wait until what an earlier try posted can be seen."""
        await asyncio.sleep(self._site.pauses.shown)

    async def line(self, place: Place, key: str, since: Instant) -> LineRef | None:
        """The line with this key in a thread; None when it is certainly not there."""
        echo = self._site.echoes.find(key)
        if echo is None:
            await self.wait()
        async for message in self.replies(place, since):
            payload = _payload(message, LINE_EVENT)
            keys = payload.get("keys") or [payload.get("key")]
            if key in keys:
                ts = str(message["ts"])
                return LineRef(ts=ts, part=keys.index(key), joined=len(keys) > 1)
        return None if echo is None else LineRef(ts=echo.line)

    async def root(self, channel: str, binding: BindingId, since: Instant) -> str | None:
        """The ts of the card of this binding in a channel; as `line`."""
        await self.wait()
        async for message in self._pages("conversations.history", since, channel=channel):
            if _payload(message, THREAD_EVENT).get("binding") == binding:
                return str(message["ts"])
        return None

    def replies(self, place: Place, since: Instant) -> AsyncIterator[Json]:
        """Our own messages of a thread since a moment, with its root."""
        return self._pages("conversations.replies", since, channel=place.channel, ts=place.ts)

    async def _pages(self, method: str, since: Instant, **where: str) -> AsyncIterator[Json]:
        cursor: str | None = None
        while True:
            answer = await self._page(method, since, cursor, where)
            for message in answer["messages"]:
                if self._is_ours(message):
                    yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def _page(self, method: str, since: Instant, cursor: str | None, where: Json) -> Json:
        try:
            return await self._site.slack.call(
                method,
                oldest=f"{max(0, since - _CLOCKS_DIFFER) / SECOND:.6f}",
                limit=self._site.settings.history_page,
                include_all_metadata=True,
                cursor=cursor,
                **where,
            )
        except TemporaryFailure as error:
            raise OutcomeUnknown(f"cannot look for it now: {error}") from error

    def _is_ours(self, message: Json) -> bool:
        me = self._site.me
        return message.get("user") == me.user or message.get("bot_id") == me.bot


def _payload(message: Json, event: str) -> Json:
    metadata: Json = message.get("metadata") or {}
    if metadata.get("event_type") != event:
        return {}
    payload = metadata.get("event_payload")
    return payload if isinstance(payload, dict) else {}
