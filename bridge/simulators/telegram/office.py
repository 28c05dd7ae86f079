"""Brings updates to a bot that has a webhook: those of one chat in order, again until taken.

https://core.telegram.org/bots/api#setwebhook, read November 2026.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus

import aiohttp

from bridge.simulators.common.wire import dump, load, obj
from bridge.simulators.telegram.records import Hook, Update, Violation
from bridge.simulators.telegram.world import World

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # the name of a header


@dataclass(frozen=True, slots=True)
class Brought:
    """One try to bring an update."""

    bot: int
    update: int
    status: int
    """0 where there was no answer."""


class WebhookOffice:
    """Up to `max_connections` updates of a bot on their way at once, one of each chat."""

    def __init__(self, world: World, violations: list[Violation]) -> None:
        """Nothing is on its way."""
        self.brought: list[Brought] = []
        """Every try, in order."""
        self.lost: list[Update] = []
        """Given up after many tries."""
        self._world = world
        self._violations = violations
        self._wake = asyncio.Event()
        self._underway: dict[tuple[int, int], asyncio.Task[None]] = {}
        """By bot and chat."""
        self._posting = 0
        self._task: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        """Begin to bring."""
        self._session = aiohttp.ClientSession()
        self._task = asyncio.create_task(self._run(), name="telegram webhooks")

    async def aclose(self) -> None:
        """Stop at once."""
        tasks = [*self._underway.values(), *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def wake(self) -> None:
        """Something may be new."""
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way; what waits for another try does not count."""
        return not (self._posting or self._wake.is_set() or any(self._due()))

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            for bot, update in list(self._due()):
                bringing = self._bring(bot, update)
                self._underway[bot, update.chat] = asyncio.create_task(bringing)
            self._world.changes.wake()
            await self._wake.wait()

    def _due(self) -> Iterator[tuple[int, Update]]:
        """The first update of each chat of which none is on its way."""
        busy = set(self._underway)
        used = Counter(bot for bot, _ in busy)
        for bot, hook in self._world.hooks.items():
            for update in self._world.mail[bot].waiting if hook.url else ():
                if (bot, update.chat) in busy or used[bot] >= hook.most_connections:
                    continue
                busy.add((bot, update.chat))
                used[bot] += 1
                yield bot, update

    async def _bring(self, bot: int, update: Update) -> None:
        """Until it is taken, given up, or the webhook is gone."""
        try:
            for wait in (0.0, *self._world.quirks.webhook_retries):
                await asyncio.sleep(wait)
                if not (self._world.hooks[bot].url and self._world.mail[bot].holds(update)):
                    return
                if await self._try(bot, update):
                    self._world.mail[bot].take(update)
                    return
            self._world.mail[bot].take(update)
            self.lost.append(update)
        finally:
            del self._underway[bot, update.chat]
            self._wake.set()

    async def _try(self, bot: int, update: Update) -> bool:
        self._posting += 1
        try:
            status, why = await self._post(self._world.hooks[bot], update)
        finally:
            self._posting -= 1
        self.brought.append(Brought(bot, update.id, status))
        if not why:
            return True
        hook = self._world.hooks[bot]
        self._world.hooks[bot] = replace(hook, error=why, error_at=self._world.now())
        self._world.changes.wake()
        return False

    async def _post(self, hook: Hook, update: Update) -> tuple[int, str]:
        """The status of the answer and, unless it is well, what is wrong with it."""
        assert self._session is not None, "the office is open"
        headers = {"Content-Type": "application/json"} | (
            {SECRET: hook.secret} if hook.secret else {}
        )
        timeout = aiohttp.ClientTimeout(total=self._world.quirks.webhook_within)
        body = dump(update.shown()).encode()
        try:
            async with self._session.post(
                hook.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                self._look_at(await answer.text())
                if 200 <= answer.status < 300:
                    return answer.status, ""
                name = f"{answer.status} {HTTPStatus(answer.status).phrase}"
                return answer.status, f"Wrong response from the webhook: {name}"
        except TimeoutError:
            return 0, "Read timeout expired"
        except aiohttp.ClientConnectorError:
            return 0, "Connection refused"
        except aiohttp.ClientError:
            return 0, "Connection closed"

    def _look_at(self, answer: str) -> None:
        try:
            said = obj(load(answer or "{}"))
        except ValueError:
            return
        if "method" in said:
            problem = "a call in the answer of a webhook is not simulated"
            self._violations.append(Violation(method=str(said["method"]), problem=problem))
