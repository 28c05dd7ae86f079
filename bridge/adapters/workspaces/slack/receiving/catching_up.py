"""What was written while nobody listened: every open thread is read at every new connection."""

import asyncio

import structlog
from msgspec.structs import replace

from bridge.adapters.common.gates import Gates
from bridge.adapters.common.progress import Progress, Read, place
from bridge.adapters.common.tasks import begun, ended
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
from bridge.domain.binding import Purpose
from bridge.domain.errors import DeskbridgeError, Overloaded, StorageUnavailable, TemporaryFailure
from bridge.domain.ids import ThreadRef

log = structlog.get_logger("bridge.slack")

_PAUSE = 2.0
_SAVE_EVERY = 5.0
_AT_ONCE = 4


class CatchingUp:
    """Reads a few threads at once, those first in which something already waits.

    It goes as fast as Slack allows, however slow that is. What is read twice is one: the desk
    knows the sources of what it has.
    """

    def __init__(self, site: Site, lines: Lines, gates: Gates, progress: Progress) -> None:
        """Nothing is behind."""
        self._site = site
        self._lines = lines
        self._gates = gates
        self._progress = progress
        self._behind: dict[ThreadRef, Read] = {}
        self._reading: set[ThreadRef] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Know where we were; reading begins with `begin`."""
        await self._progress.load()
        self._tasks = [
            begun(self._work(), "slack catching up"),
            begun(self._keep(), "slack progress"),
        ]

    async def stop(self) -> None:
        """Stop reading; where we are is kept."""
        await ended(*self._tasks)
        self._tasks = []
        await self._save()

    async def begin(self) -> None:
        """From now on every open thread is behind, from where it was read last."""
        for thread in self._site.threads.open_ones():
            if thread.purpose is not Purpose.WAITING:
                self._behind.setdefault(thread.ref, self._progress.of(thread.ref))
                self._gates.shut(thread.ref)
        self._wake.set()

    @property
    def behind(self) -> int:
        """How many threads are still to be read."""
        return len(self._behind)

    # --- working ------------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            async with asyncio.TaskGroup() as readers:
                for _ in range(_AT_ONCE):
                    readers.create_task(self._read_on())

    async def _read_on(self) -> None:
        while (ref := self._pick()) is not None:
            self._reading.add(ref)
            try:
                await self._read(ref)
            finally:
                self._reading.discard(ref)
                self._behind.pop(ref, None)
                self._gates.open(ref)
            await self._save()

    def _pick(self) -> ThreadRef | None:
        """The thread in which something has waited longest, else the oldest."""
        choice = (*self._gates.wanted(), *self._behind)
        return next(
            (ref for ref in choice if ref in self._behind and ref not in self._reading), None
        )

    async def _read(self, ref: ThreadRef) -> None:
        """Read one thread, again and again while it cannot be read or handed over."""
        since = self._behind[ref]
        while (thread := await self._site.threads.find(ref)) is not None:
            try:
                return await self._catch_up(thread, since)
            except (TemporaryFailure, StorageUnavailable, Overloaded) as failure:
                log.warning("thread_waits", slack_thread=ref, why=str(failure))
                await asyncio.sleep(_PAUSE)
            except DeskbridgeError as error:
                log.warning("thread_not_read", slack_thread=ref, why=str(error))
                return None
        return None

    async def _catch_up(self, thread: Thread, since: Read) -> None:
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
                await asyncio.sleep(failure.retry_after or _PAUSE)

    async def _again(self, thread: Thread, message: Message, row: Payload, since: Read) -> None:
        """Hand over a message of the history as if it came now."""
        channel = place_of(thread.ref).channel
        said = inbound.read(replace(message, channel=channel), self._site.me)
        if isinstance(said, OwnPost):
            self._lines.own_post(said)
            return
        if said is None:
            return
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

    # --- keeping ------------------------------------------------------------------------------

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_SAVE_EVERY)
            await self._save()

    async def _save(self) -> None:
        open_ones = frozenset(thread.ref for thread in self._site.threads.open_ones())
        try:
            await self._progress.save(open_ones)
        except DeskbridgeError as error:
            log.warning("progress_not_kept", why=str(error))
