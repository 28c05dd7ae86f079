"""Files into a thread: the three steps of Slack's upload, each safe to be repeated.

docs.slack.dev/messaging/working-with-files (read November 2026). The file ids are kept before the
last step, the only one that posts: `files.info` says whether that step had its effect. Its answer
names no message, so where the files stand is asked for as well.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from unicodedata import category

import aiohttp
import msgspec

from bridge.adapters.workspaces.slack.capabilities import CAPABILITIES
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.refs import Place
from bridge.adapters.workspaces.slack.sending.finding import Finder
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.text.richtext import clean
from bridge.domain.content import File
from bridge.domain.errors import (
    DeliveryRejected,
    NotFound,
    OutcomeUnknown,
    TemporaryFailure,
)
from bridge.ports.fit import size_words
from bridge.ports.pace import Urgency

_UPLOADED = "uploads"
_POSTED = "file_lines"
_BYTES = {"Content-Type": "application/octet-stream"}
_TIMEOUT = aiohttp.ClientTimeout(total=600, sock_connect=10, sock_read=60)
_LOOKS = (0.1, 0.2, 0.4, 0.8, 1.6, 3.0)
_MAX_FILE_NAME = 200

_ids = msgspec.json.Decoder(tuple[str, ...])


class Uploads:
    """Posts files, and takes them away again."""

    def __init__(self, site: Site, finder: Finder) -> None:
        """Files come from the desk's own store."""
        self._site = site
        self._finder = finder
        self._store = site.context.store

    async def post(
        self, place: Place, key: str, files: Sequence[File], blocks: list[Json], *, doubtful: bool
    ) -> str:
        """Post files as one message of a thread and give its ts; the same key posts once.

        Raises `DeliveryRejected("too_large")`, `OutcomeUnknown`, and as `SlackClient.call`.
        """
        ids = await self._uploaded(key)
        if ids is None:
            ids = [await self._upload(file) for file in files]
            await self._store.put(_UPLOADED, key, msgspec.json.encode(ids))
            posted = None
        else:
            # Whoever comes a second time looks first, even where nobody has said so.
            if doubtful:
                await self._finder.wait()
            posted = await self._posted(place, ids[0])
        if posted is None:
            await self._complete(place, key, ids, files, blocks)
            posted = await self._where(place, ids[0])
        await self._store.put(_POSTED, _line(place, posted), msgspec.json.encode(ids))
        await self._store.remove(_UPLOADED, key)
        return posted

    async def delete_files(self, place: Place, ts: str) -> None:
        """Delete the files of a line of ours, if it has any."""
        body = await self._store.get(_POSTED, _line(place, ts))
        if body is None:
            return
        for id_ in _ids.decode(body):
            await self.delete_file(id_)
        await self._store.remove(_POSTED, _line(place, ts))

    async def delete_file(self, id_: str) -> None:
        """Delete one file; one that is gone is deleted."""
        try:
            await self._site.slack.call("files.delete", file=id_)
        except SlackRefusal as error:
            if error.code != "file_gone":
                raise

    async def _uploaded(self, key: str) -> list[str] | None:
        body = await self._store.get(_UPLOADED, key)
        return None if body is None else list(_ids.decode(body))

    async def _upload(self, file: File) -> str:
        path = self._path(file)
        slot = await self._site.slack.call(
            "files.getUploadURLExternal",
            urgency=Urgency.LINE,
            filename=_file_name(file),
            length=file.size,
        )
        await self._send(str(slot["upload_url"]), path)
        return str(slot["file_id"])

    def _path(self, file: File) -> Path:
        if file.size > CAPABILITIES.max_file:
            limit = size_words(CAPABILITIES.max_file)
            raise DeliveryRejected(f"Slack gets files of up to {limit} from us", "too_large")
        try:
            return self._site.context.files.path(file.id)
        except NotFound as error:
            raise DeliveryRejected(str(error), "file_gone") from error

    async def _send(self, url: str, path: Path) -> None:
        """Bring the bytes; until the last step nobody sees them, so a failure left nothing."""
        source = await asyncio.to_thread(path.open, "rb")
        try:
            async with self._site.slack.session.post(
                url, data=source, headers=_BYTES, timeout=_TIMEOUT
            ) as response:
                if response.status != 200:
                    raise TemporaryFailure(f"Slack took no file: HTTP {response.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TemporaryFailure(f"a file did not reach Slack: {error!r}") from error
        finally:
            await asyncio.to_thread(source.close)

    async def _complete(
        self,
        place: Place,
        key: str,
        ids: Sequence[str],
        files: Sequence[File],
        blocks: list[Json],
    ) -> None:
        named = [
            {"id": id_, "title": _file_name(file)} for id_, file in zip(ids, files, strict=True)
        ]
        try:
            await self._site.slack.call(
                "files.completeUploadExternal",
                urgency=Urgency.LINE,
                files=named,
                channel_id=place.channel,
                thread_ts=place.ts,
                blocks=blocks or None,
            )
        except SlackRefusal as error:
            if error.code != "file_gone":
                raise
            # What was uploaded before a stop is not kept for ever: begin again.
            await self._store.remove(_UPLOADED, key)
            raise TemporaryFailure("the uploaded files are gone; they are sent again") from error

    async def _where(self, place: Place, id_: str) -> str:
        """The ts of the message that shows this file, which comes a moment after the answer."""
        for pause in _LOOKS:
            posted = await self._posted(place, id_)
            if posted is not None:
                return posted
            await asyncio.sleep(pause)
        raise OutcomeUnknown("Slack took the files and does not show them yet")

    async def _posted(self, place: Place, id_: str) -> str | None:
        """The ts of the message that shows this file in this thread."""
        try:
            answer = await self._site.slack.call("files.info", urgency=Urgency.LINE, file=id_)
        except TemporaryFailure as error:
            raise OutcomeUnknown(f"cannot look for the files now: {error}") from error
        except SlackRefusal as error:
            if error.code == "file_gone":
                return None
            raise
        shares = answer["file"].get("shares") or {}
        for kind in ("public", "private"):
            for share in (shares.get(kind) or {}).get(place.channel, ()):
                if share.get("thread_ts", share["ts"]) == place.ts:
                    return str(share["ts"])
        return None


def _line(place: Place, ts: str) -> str:
    return f"{place.channel}:{ts}"


def _file_name(file: File) -> str:
    """A name without anything that could be more than a name: no path, no turned direction."""
    seen = "".join(" " if category(letter)[0] in "CZ" else letter for letter in clean(file.name))
    name = " ".join(seen.replace("/", "_").replace("\\", "_").split())
    return name[-_MAX_FILE_NAME:] or "file"
