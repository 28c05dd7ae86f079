"""Files into a thread: bytes and words in one message, by the same nonce as any other."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO
from unicodedata import category

import aiohttp
import msgspec

from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.content import File
from bridge.domain.errors import DeliveryRejected, NotFound
from bridge.ports.fit import size_words

_MIB = 1024 * 1024
_MAX_FILE_NAME = 200
_NO_PATH = str.maketrans({"/": "_", "\\": "_", '"': "'"})


class Uploads:
    """Makes the bodies of messages with files."""

    def __init__(self, site: Site) -> None:
        """Files come from the desk's own store."""
        self._files = site.context.files
        self._max = site.settings.max_file_mib * _MIB

    def opened(self, files: Sequence[File]) -> list[IO[bytes]]:
        """The bytes. Raises `DeliveryRejected("too_large")`, or `file_gone`."""
        return [self._path(file).open("rb") for file in files]

    def form(
        self, body: Json, files: Sequence[File], sources: Sequence[IO[bytes]]
    ) -> aiohttp.FormData:
        """The body with its files."""
        named = [
            {"id": str(number), "filename": file_name(file)} for number, file in enumerate(files)
        ]
        # Discord does not understand quoted field names: `files[0]` has to stay as it is.
        form = aiohttp.FormData(quote_fields=False)
        payload = msgspec.json.encode({**body, "attachments": named}).decode()
        form.add_field("payload_json", payload, content_type="application/json")
        for number, (file, source) in enumerate(zip(files, sources, strict=True)):
            form.add_field(
                f"files[{number}]",
                source,
                filename=file_name(file),
                content_type=file.mime or "application/octet-stream",
            )
        return form

    def _path(self, file: File) -> Path:
        if file.size > self._max:
            said = f"this server gets files of up to {size_words(self._max)} from us"
            raise DeliveryRejected(said, "too_large")
        try:
            return self._files.path(file.id)
        except NotFound as error:
            raise DeliveryRejected(str(error), "file_gone") from error


def file_name(file: File) -> str:
    """A name without anything that could be more than a name: no path, no turned direction."""
    seen = "".join(" " if category(letter)[0] in "CZ" else letter for letter in file.name)
    name = " ".join(seen.translate(_NO_PATH).split())
    return name[-_MAX_FILE_NAME:] or "file"
