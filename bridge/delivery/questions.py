"""Commands typed in a thread that only want to be shown something: read, then whispered."""

import asyncio

import structlog

from bridge.commands.authorize import EntryPoint
from bridge.delivery.calling import Adapters
from bridge.domain.errors import DeskbridgeError, NotAuthorized, NotFound
from bridge.engine.reading.reader import Reader
from bridge.engine.reading.showing import shown
from bridge.engine.step import Question
from bridge.ports.clock import Clock
from bridge.ports.holding import Replaced
from bridge.ports.queries import View

log = structlog.get_logger()


class Questions:
    """Best effort, as everything that only shows: asked again, it is read again."""

    def __init__(
        self, adapters: Adapters, reader: Reader, clock: Clock, replaced: Replaced
    ) -> None:
        """Nothing is asked yet."""
        self._replaced = replaced
        self._adapters = adapters
        self._reader = reader
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0

    def ask(self, question: Question) -> None:
        """Read it and whisper it to the asker."""
        self._count += 1
        task = asyncio.create_task(self._answer(question, self._count), name="question")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Answer no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, question: Question, number: int) -> None:
        adapter = self._adapters.workspaces.get(question.workspace)
        if adapter is None:
            return
        key = f"q{self._clock.now()}.{number}"
        try:
            view = await self._view(question)
            answer = shown(view, self._reader.language(question.actor), self._clock.now())
            if self._replaced():
                return
            await adapter.whisper(question.user, question.thread, answer.text, answer.offers, key)
        except DeskbridgeError as error:
            log.warning("answer_not_shown", workspace=question.workspace, error=str(error))

    async def _view(self, question: Question) -> View | None:
        try:
            return await self._reader.view(question.query, question.actor, EntryPoint.MESSAGE)
        except (NotAuthorized, NotFound):
            return None
