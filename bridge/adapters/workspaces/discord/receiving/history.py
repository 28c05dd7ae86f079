"""What Discord kept of a thread: lines, edits and deletions that nobody told us of."""

import asyncio
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from bridge.adapters.common.progress import Progress, Read, place
from bridge.adapters.common.threads import Thread
from bridge.adapters.workspaces.discord.errors import (
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    DiscordRefusal,
)
from bridge.adapters.workspaces.discord.receiving import inbound
from bridge.adapters.workspaces.discord.receiving.inbound import Did, OwnPost
from bridge.adapters.workspaces.discord.receiving.lines import Lines
from bridge.adapters.workspaces.discord.receiving.payloads import Payload, message_of
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.binding import Purpose
from bridge.domain.errors import CredentialsRejected, TemporaryFailure
from bridge.domain.ids import ThreadRef

_MESSAGES = "/channels/{channel_id}/messages"


class DiscordHistory:
    """Reads one thread and hands over what is new in it.

    `lost` is called for a thread that is not there any more; `refused` are those that we may not
    read now.
    """

    def __init__(
        self, site: Site, lines: Lines, progress: Progress, lost: Callable[[ThreadRef], None]
    ) -> None:
        """Nothing was read yet."""
        self._site = site
        self._lines = lines
        self._progress = progress
        self._lost = lost
        self.refused: set[ThreadRef] = set()

    async def read(self, thread: Thread, since: Read) -> None:
        """See `History.read`."""
        try:
            await self._read(thread, since)
        except DiscordRefusal as refusal:
            if refusal.discord_code != UNKNOWN_CHANNEL:
                raise
            if thread.purpose is not Purpose.WAITING:  # a card in a text channel has no thread yet
                self._lost(thread.ref)
        except CredentialsRejected:
            self.refused.add(thread.ref)
            raise
        self.refused.discard(thread.ref)

    async def _read(self, thread: Thread, since: Read) -> None:
        known = frozenset(each.line for each in since.lines)
        seen: set[str] = set()
        after = str(int(since.oldest) - 1) if since.oldest else thread.ref
        while rows := await self._page(thread.ref, after):
            for row in rows:
                await self._again(thread, row, known)
            seen.update(str(row["id"]) for row in rows)
            after = str(rows[-1]["id"])
            if len(rows) < self._site.settings.history_page:
                break
        await self._missing(thread, known - seen)
        self._progress.reached(thread.ref, max((after, since.upto), key=place))

    async def _page(self, thread: ThreadRef, after: str) -> Sequence[Payload]:
        """The next lines, oldest first."""
        to = route("GET", _MESSAGES, channel_id=thread)
        query = {"after": after, "limit": str(self._site.settings.history_page)}
        while True:
            try:
                rows = await self._site.discord.many(to, query=query)
            except TemporaryFailure as failure:  # what was read so far need not be read again
                await asyncio.sleep(failure.retry_after or self._site.pauses.reading)
            else:
                return sorted(rows, key=lambda row: place(str(row["id"])))

    async def _again(self, thread: Thread, row: Payload, known: frozenset[str]) -> None:
        """Hand over a message of the history as if it came now."""
        message = message_of(row)
        said = None if message is None else inbound.read(message, thread.ref, self._site.me)
        if isinstance(said, OwnPost):
            self._lines.own_post(said)
            return
        if said is None:
            return
        await self._site.people.sure(said.author.id)
        if said.id not in known:
            payload = {**row, "channel_id": thread.ref, "guild_id": self._site.guild}
            accepted = await self._lines.hand_over(said, thread, payload)
            if not accepted.duplicate:
                return  # it went out as it is now
        if said.edit:
            await self._lines.hand_over(replace(said, did=Did.EDIT), thread, {})

    async def _missing(self, thread: Thread, lines: frozenset[str]) -> None:
        """A line that stood there and does not any more was deleted.

        A list may lag, and is empty for who may not read it: each line is looked for by its name.
        """
        for line in sorted(lines, key=place):
            if await self._is_gone(thread.ref, line):
                user = await self._site.people.user(self._lines.writer_of(thread.ref, line))
                await self._lines.gone(thread, line, user)

    async def _is_gone(self, thread: ThreadRef, line: str) -> bool:
        to = route("GET", f"{_MESSAGES}/{{message_id}}", channel_id=thread, message_id=line)
        try:
            await self._site.discord.call(to)
        except DiscordRefusal as refusal:
            if refusal.discord_code != UNKNOWN_MESSAGE:
                raise
            return True
        return False
