"""Brings webhooks to an app: signed, in batches, again until they are taken, and wrongly on demand.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started, read November 2026.
"""

import asyncio
import hashlib
import hmac
from collections import deque
from dataclasses import dataclass

import aiohttp

from bridge.simulators.common.wire import Json, JsonObject, dump
from bridge.simulators.graph.faults import Faults
from bridge.simulators.graph.records import Number
from bridge.simulators.graph.settings import Quirks
from bridge.simulators.graph.world import World


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to tell an app."""

    number: str
    field: str
    value: JsonObject
    about: str = ""
    """The customer's message that it tells of."""


@dataclass(slots=True)
class Envelope:
    """One webhook on its way."""

    number: str
    body: bytes
    first_at: float
    about: tuple[str, ...] = ()
    tries: int = 0
    answers: tuple[int, ...] = ()
    """The status of every answer; 0 where there was none."""


def sign(secret: str, body: bytes) -> str:
    """What Meta writes into `X-Hub-Signature-256`."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class PostOffice:
    """Webhooks in order, one after another; those that fail wait for another try."""

    def __init__(self, world: World, faults: Faults, quirks: Quirks) -> None:
        """Nothing is on its way."""
        self.quirks = quirks
        self.taken: list[Envelope] = []
        """Answered with 200."""
        self.failed: list[Envelope] = []
        """To be brought again."""
        self.lost: list[Envelope] = []
        """Not taken for seven days."""
        self._world = world
        self._faults = faults
        self._waiting: deque[Change] = deque()
        self._held: list[Change] = []
        self._queue: deque[Envelope] = deque()
        self._wake = asyncio.Event()
        self._busy = False
        self._later: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        """Begin to bring."""
        self._session = aiohttp.ClientSession()
        self._task = asyncio.create_task(self._run(), name="graph webhooks")

    async def aclose(self) -> None:
        """Stop at once."""
        tasks = [*self._later, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way; what waits for another try does not count."""
        return not (self._busy or self._queue or self._later)

    def tell(self, number: Number, field: str, value: JsonObject, about: str = "") -> None:
        """An app is told, as soon as a batch is full."""
        if not number.webhook or not number.subscribed:
            return
        change = Change(number.id, field, value, about)
        fault = self._faults.for_event(field)
        if fault is None:
            self._add(change)
        elif fault.kind == "duplicate":
            for _ in range(1 + fault.copies):
                self._add(change)
        elif fault.kind == "swap":
            self._held.append(change)
            return
        elif fault.kind == "delay":
            self._add_later(change, fault.seconds)
        self._waiting.extend(self._held)
        self._held.clear()
        if len(self._waiting) >= self.quirks.batch:
            self.flush()

    def _add(self, change: Change) -> None:
        self._waiting.append(change)

    def _add_later(self, change: Change, seconds: float) -> None:
        async def wait() -> None:
            await asyncio.sleep(seconds)
            self._waiting.append(change)
            self.flush()

        self._keep(asyncio.create_task(wait()))

    def flush(self) -> None:
        """What waits for a full batch goes out now."""
        while self._waiting:
            size = min(len(self._waiting), max(1, self.quirks.batch))
            self._put([self._waiting.popleft() for _ in range(size)])

    def _put(self, changes: list[Change]) -> None:
        entries: dict[str, list[Json]] = {}
        for change in changes:
            waba = self._world.number(change.number).waba
            entries.setdefault(waba, []).append({"value": change.value, "field": change.field})
        listed: list[Json] = [{"id": waba, "changes": each} for waba, each in entries.items()]
        body = dump({"object": "whatsapp_business_account", "entry": listed}).encode()
        about = tuple(change.about for change in changes if change.about)
        self.post(Envelope(changes[0].number, body, self._world.now(), about))

    def post(self, envelope: Envelope) -> None:
        """Bring this envelope, as it is."""
        self._queue.append(envelope)
        self._wake.set()

    def redeliver(self) -> None:
        """Everything that was not taken is brought again now, unless it is too old."""
        failed, self.failed = self.failed, []
        for envelope in failed:
            if self._world.now() - envelope.first_at >= self.quirks.redelivers_for:
                self.lost.append(envelope)
            else:
                self.post(envelope)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            while self._queue:
                self._busy = True
                await self._bring(self._queue.popleft())
                self._busy = False
                self._world.changes.wake()
            await self._wake.wait()

    async def _bring(self, envelope: Envelope) -> None:
        number = self._world.number(envelope.number)
        envelope.tries += 1
        status = await self._post(number, envelope.body)
        envelope.answers = (*envelope.answers, status)
        if status == 200:
            self.taken.append(envelope)
            for message in envelope.about:
                self._world.take(message)
            self._world.changes.release()
            return
        self.failed.append(envelope)
        if envelope.tries <= len(self.quirks.retry_after):
            seconds = self.quirks.retry_after[envelope.tries - 1]
            self._keep(asyncio.create_task(self._again(envelope, seconds)))

    async def _again(self, envelope: Envelope, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if envelope in self.failed:
            self.failed.remove(envelope)
            self.post(envelope)

    async def _post(self, number: Number, body: bytes) -> int:
        assert self._session is not None, "the office is open"
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": sign(number.app_secret, body),
        }
        timeout = aiohttp.ClientTimeout(total=self.quirks.webhook_within)
        try:
            async with self._session.post(
                number.webhook, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._later.add(task)
        task.add_done_callback(self._later.discard)
