"""What Slack kept of a thread: lines, edits and deletions that nobody told us of."""

import asyncio

from msgspec.structs import replace

from bridge.adapters.common.progress import Progress, Read, place
from bridge.adapters.common.threads import Thread
from bridge.adapters.workspaces.slack.receiving import inbound
from bridge.adapters.workspaces.slack.receiving.inbound import OwnPost
from bridge.adapters.workspaces.slack.receiving.lines import Lines
from bridge.adapters.workspaces.slack.receiving.payloads import (
    Message,
    Payload,
    message_of,
    messages_of,
)
from bridge.adapters.workspaces.slack.refs import place_of
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.errors import TemporaryFailure


class SlackHistory:
    """Reads one thread and hands over what is new in it."""

    def __init__(self, site: Site, lines: Lines, progress: Progress) -> None:
        """Nothing was read yet."""
        self._site = site
        self._lines = lines
        self._progress = progress

    async def read(self, thread: Thread, since: Read) -> None:
        """See `History.read`."""
        seen: set[str] = set()
        cursor: str | None = None
        last = since.upto
        while True:
            answer = await self._page(thread, since, cursor)
            for row in messages_of(answer):
                message = message_of(row)
                if message is None or message.ts == place_of(thread.ref).ts:
                    continue
                seen.add(message.ts)
                await self._again(thread, message, row, since)
                last = max(last, message.ts, key=place)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        await self._missing(thread, since, seen)
        self._progress.reached(thread.ref, last)

    async def _page(self, thread: Thread, since: Read, cursor: str | None) -> Payload:
        where = place_of(thread.ref)
        while True:
            try:
                return await self._site.slack.call(
                    "conversations.replies",
                    channel=where.channel,
                    ts=where.ts,
                    oldest=since.oldest or where.ts,
                    inclusive=True,
                    limit=self._site.settings.history_page,
                    include_all_metadata=True,
                    cursor=cursor,
                )
            except TemporaryFailure as failure:  # what was read so far need not be read again
                await asyncio.sleep(failure.retry_after or self._site.pauses.reading)

    async def _again(self, thread: Thread, message: Message, row: Payload, since: Read) -> None:
        """Hand over a message of the history as if it came now."""
        channel = place_of(thread.ref).channel
        said = inbound.read(replace(message, channel=channel), self._site.me)
        if isinstance(said, OwnPost):
            self._lines.own_post(said)
            return
        if said is None:
            return
        await self._site.people.sure(said.user)
        if place(said.ts) > place(since.upto):
            if await self._lines.command(said, {**row, "channel": channel}):
                self._progress.wrote(thread.ref, said.ts, said.user)
                return
            accepted = await self._lines.hand_over(said, thread)
            if not accepted.duplicate:
                return  # it went out as it is now
        changed = inbound.change(message, channel)
        if changed is not None:
            await self._lines.hand_over(changed, thread)

    async def _missing(self, thread: Thread, since: Read, seen: set[str]) -> None:
        """A line that stood there and does not any more was deleted."""
        channel = place_of(thread.ref).channel
        for line in since.lines:
            if line.line not in seen:
                user = await self._site.people.user(line.user)
                await self._lines.gone(thread, channel, line.line, user)
