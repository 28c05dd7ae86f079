"""Takes the files that agents share out of Discord, byte for byte, as soon as they are there.

Their addresses are signed and expire: they are used at once and never kept.
"""

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum

import structlog

from bridge.adapters.workspaces.discord.receiving.payloads import Attachment
from bridge.domain.content import File
from bridge.domain.errors import DeliveryRejected, DeskbridgeError, TemporaryFailure
from bridge.domain.value import Value
from bridge.ports.egress import Egress
from bridge.ports.plugin import AdapterContext

log = structlog.get_logger("bridge.discord")

_TRIES = 3
_PAUSE = 0.5
_REMEMBERED = 500


class Loss(StrEnum):
    """Why a file could not be taken; catalogue keys `discord.files.<loss>`."""

    TOO_LARGE = "too_large"
    GONE = "gone"
    BROKEN = "broken"


_LOSSES = {"too_large": Loss.TOO_LARGE, "file_gone": Loss.GONE}


class Taken(Value):
    """The files we have now, in order, and the names of those that we do not have."""

    files: tuple[File, ...] = ()
    lost: tuple[tuple[str, Loss], ...] = ()


class _NotFetched(DeskbridgeError):
    """This try gave no file; `loss` when another try would not, either."""

    def __init__(self, message: str, loss: Loss | None = None) -> None:
        """Remember whether to try again."""
        super().__init__(message)
        self.loss = loss


class Downloads:
    """Fetches files, without the bot's token: their addresses are signed.

    A file is fetched once: an event that is handled again finds it here.
    """

    def __init__(self, context: AdapterContext, api_url: str, limit: int) -> None:
        """`limit` is in bytes, for one file; `api_url` may be on a network of our own."""
        self._context = context
        self._egress = Egress(configured=(api_url,))
        self._limit = limit
        self._taken: dict[str, File] = {}

    async def take(self, shared: tuple[Attachment, ...]) -> Taken:
        """Fetch every file of a message. Raises `StorageUnavailable` and nothing else."""
        files: list[File] = []
        lost: list[tuple[str, Loss]] = []
        for each in shared:
            taken = await self._take(each)
            if isinstance(taken, File):
                files.append(taken)
            else:
                lost.append((_name(each), taken))
        return Taken(files=tuple(files), lost=tuple(lost))

    async def _take(self, shared: Attachment) -> File | Loss:
        known = self._taken.get(shared.id)
        if known is not None:
            return known
        try:
            if shared.size > self._limit:
                raise _NotFetched(f"{shared.size} bytes", Loss.TOO_LARGE)
            for left in reversed(range(_TRIES)):
                try:
                    return self._remember(shared.id, await self._fetch(shared))
                except _NotFetched as error:
                    if error.loss is not None or not left:
                        raise
                await asyncio.sleep(_PAUSE)
        except _NotFetched as error:
            log.warning("file_not_taken", file=shared.id, why=str(error))
            return error.loss or Loss.BROKEN
        raise AssertionError("the last try returns or raises")

    async def _fetch(self, shared: Attachment) -> File:
        try:
            chunks = _whole(self._egress.fetch(shared.url, limit=self._limit), shared.size)
            return await self._context.files.save(chunks, _name(shared), self._limit)
        except DeliveryRejected as error:
            raise _NotFetched(str(error), _LOSSES.get(error.code, Loss.BROKEN)) from error
        except TemporaryFailure as error:
            raise _NotFetched(str(error)) from error

    def _remember(self, id: str, file: File) -> File:
        self._taken[id] = file
        while len(self._taken) > _REMEMBERED:
            del self._taken[next(iter(self._taken))]
        return file


async def _whole(chunks: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """The bytes as they come; fewer or more than Discord announced are not the file."""
    seen = 0
    async for chunk in chunks:
        seen += len(chunk)
        yield chunk
    if size and seen != size:
        raise _NotFetched(f"{seen} of {size} bytes")


def _name(shared: Attachment) -> str:
    return shared.filename or shared.title or shared.id
