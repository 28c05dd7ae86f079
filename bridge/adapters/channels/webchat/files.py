"""Files of a web chat: taken from a visitor, and given only to the visitor they belong to.

An upload that no message was sent with is thrown away after a day. Sending claims it before the
message is handed over: a file is thrown away or sent, never both, whatever breaks off in between.
"""

from collections.abc import AsyncIterator
from unicodedata import category
from urllib.parse import quote, unquote

from aiohttp import StreamReader, web

from bridge.adapters.channels.webchat.gate import FILE_NAME
from bridge.adapters.channels.webchat.wire import Refusal
from bridge.domain.content import File
from bridge.domain.errors import DeliveryRejected, StorageUnavailable
from bridge.domain.ids import DAY, Address, FileId
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.clock import Clock
from bridge.ports.files import FileStore

_CHUNK = 64 * 1024
_NAME = 150
_FILES, _UPLOADS = "files", "uploads"


class VisitorFiles:
    """Which files a visitor may send and fetch: his own uploads, and what was sent to him."""

    def __init__(self, files: FileStore, store: AdapterStore, clock: Clock, limit: int) -> None:
        """`limit` in bytes, for what a visitor sends."""
        self._files = files
        self._store = store
        self._clock = clock
        self._limit = limit

    async def take(self, request: web.Request, owner: Address) -> File:
        """Store the request's body. Raises `Refusal` when it is empty or too large."""
        if (request.content_length or 0) > self._limit:
            raise self._too_large()
        if request.content_length == 0:
            raise Refusal(400, "empty", "The file is empty.")
        name = clean_name(unquote(request.headers.get(FILE_NAME, "")))
        try:
            file = await self._files.save(_chunks(request.content), name, self._limit)
        except DeliveryRejected as error:
            raise self._too_large() from error
        if not file.size:
            raise Refusal(400, "empty", "The file is empty.")
        await self._store.put(_UPLOADS, f"{owner}/{file.id}", str(self._clock.now()).encode())
        await self.give(owner, file.id)
        return file

    async def give(self, owner: Address, file: FileId) -> None:
        """Let this visitor fetch the file."""
        await self._store.put(_FILES, f"{owner}/{file}", b"")

    async def sending(self, owner: Address, files: tuple[str, ...]) -> tuple[File, ...]:
        """These files of this visitor, for a message; from now on nobody throws them away.

        Raises `Refusal` for any that is not his, as if it did not exist.
        """
        for file in files:
            await self._store.remove(_UPLOADS, f"{owner}/{file}")
        return tuple([await self.of(owner, file) for file in files])

    async def collect(self) -> None:
        """Throw away what was uploaded more than a day ago and never sent."""
        now = self._clock.now()
        for upload in await self._store.scan(_UPLOADS):
            if int(upload.body) + DAY > now or not await self._store.remove(_UPLOADS, upload.key):
                continue
            try:
                await self._store.remove(_FILES, upload.key)
                await self._files.remove(FileId(upload.key.rpartition("/")[2]))
            except StorageUnavailable:
                await self._store.put(_UPLOADS, upload.key, upload.body)
                raise

    async def kept_of(self, owner: Address) -> tuple[list[tuple[str, str]], list[FileId]]:
        """The documents about a visitor's files, and the files that he sent or was sent."""
        documents = [
            (collection, document.key)
            for collection in (_UPLOADS, _FILES)
            for document in await self._store.scan(collection)
            if document.key.startswith(f"{owner}/")
        ]
        files = dict.fromkeys(FileId(key.rpartition("/")[2]) for _, key in documents)
        return documents, list(files)

    async def of(self, owner: Address, file: str) -> File:
        """A file of this visitor. Raises `Refusal` for any other, as if it did not exist."""
        known = await self._store.get(_FILES, f"{owner}/{file}") is not None
        found = await self._files.find(FileId(file)) if known else None
        if found is None:
            raise Refusal(404, "not_found", "There is no such file.")
        return found

    def send(self, file: File) -> web.FileResponse:
        """Its bytes, as a download that no browser opens by itself."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(self._files.path(file.id), headers=headers)

    def _too_large(self) -> Refusal:
        return Refusal(413, "too_large", f"A file has at most {self._limit} bytes.")


def clean_name(name: str) -> str:
    """A name to show: the last part of a path, without characters that cannot be seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(letter for letter in last[-_NAME:] if category(letter)[0] != "C")
    return visible.strip() or "file"


async def _chunks(content: StreamReader) -> AsyncIterator[bytes]:
    async for chunk in content.iter_chunked(_CHUNK):
        yield chunk
