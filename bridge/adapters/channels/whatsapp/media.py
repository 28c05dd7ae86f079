"""Files between Meta's store and ours, byte for byte.

A customer's file has an id that lives for days and an address that lives for minutes: the address
is asked for and used at once. Our own are uploaded before the message that shows them.
"""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import AsyncIterator

import aiohttp
import msgspec
import structlog
from msgspec.structs import replace

from bridge.adapters.channels.whatsapp.client import Graph
from bridge.adapters.channels.whatsapp.content import Wanted
from bridge.adapters.channels.whatsapp.outbound import upload
from bridge.adapters.common.channels.customer_files import MediaGone, fetched, shown_as
from bridge.adapters.common.recent import Recent
from bridge.domain.content import File, FileKind
from bridge.domain.errors import DeliveryRejected, NotFound, TemporaryFailure
from bridge.domain.ids import FileId
from bridge.domain.template import Takes
from bridge.ports.egress import Egress
from bridge.ports.files import FileStore

log = structlog.get_logger("bridge.whatsapp")

HOSTS = (".fbsbx.com", ".facebook.com", ".fbcdn.net", ".whatsapp.net")
"""Meta's own, which may see the token."""
_MEDIA_ID = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.")


class _Described(msgspec.Struct):
    """Where a file is, and what it must be."""

    url: str = ""
    sha256: str = ""
    file_size: int | str = 0


class MediaRoom:
    """Fetches and uploads files. A file that was fetched once is remembered."""

    def __init__(
        self, graph: Graph, files: FileStore, token: str, limit: int, egress: Egress | None = None
    ) -> None:
        """`limit` in bytes, for what customers send."""
        self._graph = graph
        self._files = files
        self._token = token
        self.limit = limit
        self._egress = egress or Egress(configured=(graph.base,), hosts=HOSTS)
        self._taken: Recent[File] = Recent()
        self._taking: dict[str, asyncio.Task[File]] = {}

    # --- from customers -----------------------------------------------------------------------

    async def take(self, wanted: Wanted) -> File:
        """The file in our store. Raises `MediaGone`, `TemporaryFailure`, `StorageUnavailable`.

        Whoever asks for the same one meanwhile gets the same one.
        """
        known = self._taken.get(wanted.id)
        if known is None:
            task = self._taking.get(wanted.id)
            if task is None:
                task = asyncio.create_task(self._fetch(wanted))
                self._taking[wanted.id] = task
                task.add_done_callback(lambda _: self._taking.pop(wanted.id, None))
            known = await asyncio.shield(task)
        return replace(known, kind=shown_as(known, wanted.kind))

    async def _fetch(self, wanted: Wanted) -> File:
        file = await fetched(lambda: self._once(wanted))
        self._taken.put(wanted.id, file)
        return file

    async def _once(self, wanted: Wanted) -> File:
        if not set(wanted.id) <= _MEDIA_ID:
            raise MediaGone("gone")
        try:
            about = await self._graph.get(wanted.id, _Described)
            if int(about.file_size or 0) > self.limit:
                raise MediaGone("too_large")
            chunks = self._egress.fetch(about.url, limit=self.limit, bearer=self._token)
            return await self._files.save(_whole(chunks, about), wanted.name, self.limit)
        except DeliveryRejected as error:
            log.warning("media_refused", media=wanted.id, why=str(error))
            known = {"too_large": "too_large", "file_gone": "gone", "whatsapp_100": "gone"}
            raise MediaGone(known.get(error.code, "broken")) from error

    # --- to customers -------------------------------------------------------------------------

    async def put_for(self, takes: Takes, id_: FileId) -> dict[str, str]:
        """Upload the file of a template's header, as the template wants it. Raises as `put`."""
        file = await self._files.find(id_)
        if file is None:
            raise DeliveryRejected("the file is not there any more", "file_gone")
        if takes is Takes.DOCUMENT:
            file = replace(file, kind=FileKind.DOCUMENT)
        if upload(file).type != takes.value:
            raise DeliveryRejected(f"{file.mime} is no {takes.value}", "whatsapp_template_file")
        named = {"filename": file.name} if takes is Takes.DOCUMENT else {}
        return {"id": await self.put(file), **named}

    async def put(self, file: File) -> str:
        """Upload it; the id that Meta knows it by. Raises our delivery errors."""
        how = upload(file)
        try:
            path = self._files.path(file.id)
            opened = await asyncio.to_thread(path.open, "rb")
        except (NotFound, OSError) as error:
            raise DeliveryRejected("the file is not there any more", "file_gone") from error
        with opened:
            form = aiohttp.FormData()
            form.add_field("messaging_product", "whatsapp")
            form.add_field("type", how.mime)
            form.add_field("file", opened, filename=file.name, content_type=how.mime)
            return await self._graph.upload(form)


async def _whole(chunks: AsyncIterator[bytes], about: _Described) -> AsyncIterator[bytes]:
    """The bytes as they come; others than Meta announced are not the file."""
    digest, size = hashlib.sha256(), 0
    async for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
        yield chunk
    if int(about.file_size or size) != size:
        raise TemporaryFailure(f"{size} of {about.file_size} bytes came")
    if about.sha256 and about.sha256 not in (
        digest.hexdigest(),
        b64encode(digest.digest()).decode(),
    ):
        raise TemporaryFailure("the file's digest is another one than announced")
