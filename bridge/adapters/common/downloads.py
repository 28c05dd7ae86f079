"""Takes the files that agents share out of a platform, byte for byte, into the desk's own store."""

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

import structlog

from bridge.adapters.common.pauses import USUAL
from bridge.domain.content import File
from bridge.domain.errors import DeskbridgeError
from bridge.domain.value import Value

log = structlog.get_logger("bridge.workspaces")

_TRIES = 3
_REMEMBERED = 500


class Loss(StrEnum):
    """Why a file could not be taken; catalogue keys `<platform>.files.<loss>`."""

    TOO_LARGE = "too_large"
    ELSEWHERE = "elsewhere"
    GONE = "gone"
    BROKEN = "broken"


class Taken(Value):
    """The files we have now, in order, and the names of those that we do not have."""

    files: tuple[File, ...] = ()
    lost: tuple[tuple[str, Loss], ...] = ()


class NotFetched(DeskbridgeError):
    """This try gave no file; `loss` when another try would not, either."""

    def __init__(self, message: str, loss: Loss | None = None) -> None:
        """Remember whether to try again."""
        super().__init__(message)
        self.loss = loss


class Shared(Protocol):
    """A file as its platform describes it."""

    @property
    def id(self) -> str:
        """The platform's own name for it."""
        ...

    @property
    def called(self) -> str:
        """What people call it."""
        ...


Given = TypeVar("Given", bound=Shared)


class Source(Protocol[Given]):
    """Where the files are. Raises `NotFetched`, and `StorageUnavailable` as the store does."""

    async def described(self, shared: Given) -> Given:
        """The file with everything that it takes to fetch it; asked for once."""
        ...

    async def fetch(self, shared: Given) -> File:
        """Try to bring it into the store."""
        ...


class Downloads(Generic[Given]):
    """Fetches files, each once: an event that is handled again finds it here."""

    def __init__(self, source: Source[Given], pause: float = USUAL.fetching) -> None:
        """Nothing was fetched yet; between two tries are `pause` seconds."""
        self._source = source
        self._pause = pause
        self._taken: dict[str, File] = {}

    async def take(self, shared: tuple[Given, ...]) -> Taken:
        """Fetch every file of a message. Raises `StorageUnavailable` and nothing else."""
        files: list[File] = []
        lost: list[tuple[str, Loss]] = []
        for each in shared:
            taken = await self._take(each)
            if isinstance(taken, File):
                files.append(taken)
            else:
                lost.append((each.called, taken))
        return Taken(files=tuple(files), lost=tuple(lost))

    async def _take(self, shared: Given) -> File | Loss:
        known = self._taken.get(shared.id)
        if known is not None:
            return known
        try:
            file = await self._fetch(await self._source.described(shared))
        except NotFetched as error:
            log.warning("file_not_taken", file=shared.id, why=str(error))
            return error.loss or Loss.BROKEN
        return self._remember(shared.id, file)

    async def _fetch(self, shared: Given) -> File:
        for _ in range(_TRIES - 1):
            try:
                return await self._source.fetch(shared)
            except NotFetched as error:
                if error.loss is not None:
                    raise
            await asyncio.sleep(self._pause)
        return await self._source.fetch(shared)

    def _remember(self, id: str, file: File) -> File:
        self._taken[id] = file
        while len(self._taken) > _REMEMBERED:
            del self._taken[next(iter(self._taken))]
        return file


async def whole(chunks: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """The bytes as they come; fewer or more than were announced are not the file."""
    seen = 0
    async for chunk in chunks:
        seen += len(chunk)
        yield chunk
    if size and seen != size:
        raise NotFetched(f"{seen} of {size} bytes")
