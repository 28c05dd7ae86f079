"""Files that come with customers' lines: fetched with patience, shown as what they are."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bridge.domain.content import Content, File, FileKind
from bridge.domain.errors import TemporaryFailure
from bridge.domain.text import plain

log = structlog.get_logger("bridge.channels")

_TRIES = 3
_PAUSE = 0.5


class MediaGone(Exception):
    """A file that nobody will ever give us; `why` is a catalogue key under the channel's `in.`."""

    def __init__(self, why: str, limit: int = 0) -> None:
        """Say why; `limit` in bytes where it is too large."""
        super().__init__(why)
        self.why = why
        self.limit = limit


async def fetched(once: Callable[[], Awaitable[File]]) -> File:
    """What `once` fetches, tried a few times. Raises `TemporaryFailure`, and what else it does."""
    for left in reversed(range(_TRIES)):
        try:
            return await once()
        except TemporaryFailure as error:
            log.warning("media_not_taken", why=str(error), tries_left=left)
            if not left:
                raise
            await asyncio.sleep(_PAUSE)
    raise AssertionError("the last try returns or raises")


def shown_as(file: File, wanted: FileKind) -> FileKind:
    """What a file is to people: what its bytes are, as its platform shows it where that fits."""
    if wanted is FileKind.VOICE and (file.kind is FileKind.AUDIO or "ogg" in file.mime):
        return FileKind.VOICE
    if wanted is FileKind.STICKER and file.kind is FileKind.IMAGE:
        return FileKind.STICKER
    if wanted is FileKind.DOCUMENT:
        return FileKind.DOCUMENT
    return file.kind


def with_file(content: Content, file: File) -> Content:
    """The content with its file."""
    return Content(text=content.text, files=(file,))


def without_file(content: Content, why: str) -> Content:
    """The content with a line that says which file is missing, and why."""
    return Content(text=(*content.text, *plain(f"[{why}]")))
