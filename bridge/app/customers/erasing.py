"""Removes what customers said who were erased: bit by bit, beside the desk's work, to its end.

An erasure begins with a decision (`bridge.engine.manage.erasing`) and is on disk from then on: who
is killed goes on with it at the next start. Every bit is a transaction of its own, so no line of
anybody else waits for more than one of them.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import msgspec
import structlog
from msgspec.structs import replace

from bridge.app.customers.belongings import Belongings, Memories, belongings
from bridge.app.customers.walking import Page, Walk
from bridge.app.storing import Database
from bridge.delivery.calling import Adapters
from bridge.domain.erasure import Erasure
from bridge.domain.errors import StorageUnavailable
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import ChannelId, FileId
from bridge.domain.message import channel_scope
from bridge.engine.engine import Engine
from bridge.locales import say
from bridge.ports.failpoints import failpoint
from bridge.ports.personal import Cell, Parts, Record

log = structlog.get_logger()

_PATIENCE = 30.0
"""Seconds for calls that are still to be made: threads that are closed, a bot that is told."""
_PAUSE = 0.2
_AGAIN = 5.0
_ERASED = "erased-"
_CHANNELS = channel_scope(ChannelId(""))
_CODE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.")

_actor: msgspec.json.Decoder[Actor] = msgspec.json.Decoder(Actor)
_encode = msgspec.json.Encoder().encode


class Erasing:
    """Works from `start` to `stop` on every erasure that is under way."""

    def __init__(
        self, database: Database, engine: Engine, adapters: Adapters, *, serving: bool
    ) -> None:
        """Without `serving` no call is made, so what is still to be called is waited for."""
        self._database = database
        self._engine = engine
        self._memories = Memories(adapters)
        self._serving = serving
        self._wanted = asyncio.Event()
        self._waiting: set[int] = set()
        self._task: asyncio.Task[None] | None = None
        self._removing = Removing(database, engine)

    def start(self) -> None:
        """Go on with what a process before this one has begun."""
        self.look()
        self._task = asyncio.create_task(self._work(), name="erasing")

    async def stop(self) -> None:
        """Leave the rest for the next start."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def look(self) -> None:
        """Another one has begun."""
        self._wanted.set()

    def waits(self, erasure: int) -> bool:
        """Whether it is left for the next start, because calls are still to be made."""
        return erasure in self._waiting

    async def _work(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                for erasure in await self._database.personal.erasures():
                    if not erasure.done:
                        await self._erase(erasure)
            except StorageUnavailable as failure:
                log.warning("erasing_waits", error=str(failure))
                asyncio.get_running_loop().call_later(_AGAIN, self.look)
            except Exception:  # it is tried again at the next start, and others are erased
                log.exception("erasing_failed")

    async def _erase(self, erasure: Erasure) -> None:
        failpoint("erase.begun")
        personal = self._database.personal
        owned = await belongings(personal, erasure.contact, erasure.names)
        if owned is None or not await self._quiet(owned):
            self._waiting.add(erasure.id)
            return
        walk = Walk(personal, self._memories, owned)
        counts: Counter[str] = Counter()
        async for page in walk.pages():
            if await self._removing.remove(page):
                counts[page.table] += len(page.rows)
                failpoint("erase.removed")
        await self._ended(erasure, owned, counts)

    async def _ended(self, erasure: Erasure, owned: Belongings, counts: Mapping[str, int]) -> None:
        """His names go when nothing needs them any more, and the log is emptied of all of it.

        It is over after that: who is killed before goes through what is left again. Raises
        `StorageUnavailable` while somebody reads the log all the time.
        """
        counted = Counter(erasure.counts)
        counted.update(counts)
        nameless = replace(erasure, names=(), conversations=owned.numbers, counts=dict(counted))
        await self._write_end(nameless)
        if not await self._database.personal.sweep():
            raise StorageUnavailable("the log of the database is being read all the time")
        await self._write_end(replace(nameless, done_at=self._engine.clock.now()))
        failpoint("erase.done")
        log.info("contact_erased", erasure=erasure.id, conversations=len(nameless.conversations))

    async def _write_end(self, erasure: Erasure) -> None:
        row = (
            _text(erasure.names),
            _text(erasure.conversations),
            _text(erasure.counts),
            erasure.done_at,
            erasure.id,
        )
        await self._database.personal.write({"end_erasure": [row]})

    async def _quiet(self, owned: Belongings) -> bool:
        """What is to be called for him still is called first, if that can be soon.

        False: no call is made by this process. It is for the desk that runs.
        """
        conversations = set(owned.ids)
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while await self._calls(conversations):
                    if not self._serving:
                        return False
                    await asyncio.sleep(_PAUSE)
        return True

    async def _calls(self, conversations: set[object]) -> bool:
        opened = await self._database.store.open_deliveries()
        return any(each.conversation in conversations for each in opened)


class Removing:
    """What becomes of a page of rows: written over, or gone."""

    def __init__(self, database: Database, engine: Engine) -> None:
        """`engine` names what came in as it will when it comes again."""
        self._database = database
        self._engine = engine
        self._name = say(engine.desk.options.language, "thread.erased")
        self._parts: Mapping[str, Callable[[Sequence[Record]], Parts]] = {
            "message_link": self._links,
            "message": _keyed("remove_message", "id"),
            "event": _events,
            "delivery": _keyed("remove_delivery", "id"),
            "billed": _billed,
            "held_reply": _keyed("remove_held_reply", "message"),
            "inbox": _keyed("remove_inbox", "id"),
            "journal": _keyed("remove_journal", "seq"),
            "document": _keyed("remove_document", "adapter", "collection", "key"),
            "conversation": _blanked("blank_conversation", "", "", ""),
            "ticket": _blanked("blank_ticket", ""),
            "contact": self._contacts,
        }

    async def remove(self, page: Page) -> bool:
        """Remove what is personal of these rows; false when there was nothing to do."""
        if page.table == "file":
            for row in page.rows:
                await self._database.files.remove(FileId(str(row["id"])))
            return bool(page.rows)
        parts = self._parts.get(page.table)
        if parts is None or not page.rows:
            return False
        await self._database.personal.write(parts(page.rows))
        return True

    def _links(self, rows: Sequence[Record]) -> Parts:
        """Their names are digests from now on: what is brought again is known by them."""
        digests: list[tuple[Cell, ...]] = [
            (self._engine.line(str(row["scope"]), str(row["external_id"])),)
            for row in rows
            if str(row["scope"]).startswith(_CHANNELS)
        ]
        names = [(row["scope"], row["external_id"]) for row in rows]
        return {"keep_digest": digests, "remove_message_link": names}

    def _contacts(self, rows: Sequence[Record]) -> Parts:
        name = self._name
        return {"blank_contact": [(name, name.lower(), row["id"]) for row in rows]}


def _keyed(statement: str, *key: str) -> Callable[[Sequence[Record]], Parts]:
    return lambda rows: {statement: [tuple(row[name] for name in key) for row in rows]}


def _blanked(statement: str, *new: Cell) -> Callable[[Sequence[Record]], Parts]:
    return lambda rows: {statement: [(*new, row["id"]) for row in rows]}


def _events(rows: Sequence[Record]) -> Parts:
    """What happened stays, and who of the team did it; what was said of him goes."""
    return {
        "blank_event": [
            (_nobody(str(row["actor"])), _code(str(row["cause"])), "{}", row["id"]) for row in rows
        ]
    }


def _nobody(written: str) -> str:
    actor = _actor.decode(written)
    if actor.kind is not ActorKind.CUSTOMER:
        return written
    return _encode(replace(actor, name="")).decode()


def _code(cause: str) -> str:
    """A cause is a word of ours; a bot's may be a sentence."""
    return cause if set(cause) <= _CODE else ""


def _billed(rows: Sequence[Record]) -> Parts:
    """A platform's name for a message tells whom it was for; what it costs is still counted."""
    fresh = [row for row in rows if not str(row["external_id"]).startswith(_ERASED)]
    rest = ("conversation", "category", "at")
    return {
        "remove_billed": [(row["channel"], row["external_id"]) for row in fresh],
        "insert_billed": [
            (row["channel"], _ERASED + secrets.token_hex(12), *(row[name] for name in rest))
            for row in fresh
        ],
    }


def _text(value: object) -> str:
    return _encode(value).decode()
