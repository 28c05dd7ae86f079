"""Files between Telegram's store and ours, byte for byte.

A customer's file has an id that lives on and an address that lives for an hour: the address is
asked for and used at once. It has the bot's token in it, so it is never told to anybody.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import structlog
from msgspec.structs import replace

from bridge.adapters.channels.telegram.capabilities import MEGABYTE
from bridge.adapters.channels.telegram.client import Client
from bridge.adapters.channels.telegram.content import Wanted
from bridge.adapters.common.channels.customer_files import MediaGone, fetched, shown_as
from bridge.adapters.common.recent import Recent
from bridge.domain.content import File
from bridge.domain.errors import CredentialsRejected, DeliveryRejected, NotFound, TemporaryFailure
from bridge.ports.egress import Egress
from bridge.ports.files import FileStore

log = structlog.get_logger("bridge.telegram")

GIVEN = 20 * MEGABYTE
"""What Telegram's own servers give a bot. https://core.telegram.org/bots/api#getfile"""


class MediaRoom:
    """Fetches files. One that was fetched a short while ago is remembered."""

    def __init__(self, client: Client, files: FileStore, files_at: str, limit: int) -> None:
        """`limit` in bytes, for what customers send; `files_at` is the operator's own setting."""
        self._client = client
        self._files = files
        self._limit = limit
        self._egress = Egress(configured=(files_at,))
        self._taken: Recent[File] = Recent()

    async def take(self, wanted: Wanted) -> File:
        """The file in our store. Raises `MediaGone`, `TemporaryFailure`, `StorageUnavailable`."""
        key = wanted.unique or wanted.id
        known = self._taken.get(key)
        if known is None:
            known = await fetched(lambda: self._once(wanted))
            self._taken.put(key, known)
        return replace(known, kind=shown_as(known, wanted.kind))

    async def _once(self, wanted: Wanted) -> File:
        if wanted.size > self._limit:
            raise MediaGone("too_large", self._limit)
        try:
            address = await self._client.address_of(wanted.id)
            chunks = _whole(self._egress.fetch(address, limit=self._limit), wanted.size)
            return await self._files.save(chunks, wanted.name, self._limit)
        except DeliveryRejected as error:
            log.warning("media_refused", why=error.code)
            limits = {"too_large": self._limit, "telegram_too_large": min(GIVEN, self._limit)}
            if error.code in limits:
                raise MediaGone("too_large", limits[error.code]) from error
            raise MediaGone("gone") from error
        except CredentialsRejected as error:
            raise TemporaryFailure(str(error)) from error

    def path(self, file: File) -> Path:
        """Where the bytes of a file of ours are. Raises `DeliveryRejected`."""
        try:
            return self._files.path(file.id)
        except NotFound as error:
            raise DeliveryRejected("the file is not there any more", "file_gone") from error


async def _whole(chunks: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """The bytes as they come; fewer or more than Telegram announced are not the file."""
    seen = 0
    async for chunk in chunks:
        seen += len(chunk)
        yield chunk
    if size and seen != size:
        raise TemporaryFailure(f"{seen} of {size} bytes came")
