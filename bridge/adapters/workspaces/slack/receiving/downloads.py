"""Takes the files that agents share out of Slack, byte for byte, into the desk's own store."""

import asyncio
from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from urllib.parse import urlsplit

import aiohttp
import structlog

from bridge.adapters.workspaces.slack.client import SlackClient
from bridge.adapters.workspaces.slack.receiving.payloads import SlackFile, file_of
from bridge.domain.content import File
from bridge.domain.errors import DeliveryRejected, DeskbridgeError
from bridge.domain.value import Value
from bridge.ports.files import FileStore

log = structlog.get_logger("bridge.slack")

_SLACK_HOSTS = (".slack.com", ".slack-gov.com", ".slack-files.com")
_TIMEOUT = aiohttp.ClientTimeout(total=120, sock_connect=10, sock_read=30)
_TRIES = 3
_PAUSE = 0.5
_CHUNK = 64 * 1024
_REMEMBERED = 500


class Loss(StrEnum):
    """Why a file could not be taken; catalogue keys `slack.files.<loss>`."""

    TOO_LARGE = "too_large"
    ELSEWHERE = "elsewhere"
    GONE = "gone"
    BROKEN = "broken"


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
    """Fetches files with our token, which goes to Slack's own hosts and nowhere else.

    A file is fetched once: an event that is delivered again finds it here.
    """

    def __init__(
        self, slack: SlackClient, files: Callable[[], FileStore], api_url: str, limit: int
    ) -> None:
        """`limit` is in bytes, for one file; `api_url`'s host is one of Slack's, too."""
        self._slack = slack
        self._files = files
        self._own = urlsplit(api_url)
        self._limit = limit
        self._taken: dict[str, File] = {}

    async def take(self, shared: tuple[SlackFile, ...]) -> Taken:
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

    async def _take(self, shared: SlackFile) -> File | Loss:
        known = self._taken.get(shared.id)
        if known is not None:
            return known
        try:
            described = await self._described(shared)
            for left in reversed(range(_TRIES)):
                try:
                    return self._remember(shared.id, await self._fetch(described))
                except _NotFetched as error:
                    if error.loss is not None or not left:
                        raise
                await asyncio.sleep(_PAUSE)
        except _NotFetched as error:
            log.warning("file_not_taken", file=shared.id, why=str(error))
            return error.loss or Loss.BROKEN
        raise AssertionError("the last try returns or raises")

    async def _described(self, shared: SlackFile) -> SlackFile:
        """The file with its address: one of another organisation's has to be asked for."""
        if shared.file_access == "check_file_info":
            try:
                answer = await self._slack.call("files.info", file=shared.id)
            except DeskbridgeError as error:
                raise _NotFetched(str(error), Loss.GONE) from error
            shared = file_of(answer.get("file")) or shared
        if shared.mode in ("tombstone", "hidden_by_limit"):
            raise _NotFetched(f"the file is {shared.mode}", Loss.GONE)
        if shared.size > self._limit:
            raise _NotFetched(f"{shared.size} bytes", Loss.TOO_LARGE)
        if shared.mode == "external" or not self._is_slack(_address(shared)):
            raise _NotFetched("the file is not at Slack", Loss.ELSEWHERE)
        return shared

    def _is_slack(self, address: str) -> bool:
        """The token is shown to nobody else, whatever an event says."""
        try:
            url = urlsplit(address)
            if (url.scheme, url.hostname, url.port) == (
                self._own.scheme,
                self._own.hostname,
                self._own.port,
            ):
                return True
            return (
                url.scheme == "https"
                and url.port in (None, 443)
                and (url.hostname or "").endswith(_SLACK_HOSTS)
            )
        except ValueError:
            return False

    async def _fetch(self, shared: SlackFile) -> File:
        try:
            async with self._slack.session.get(
                _address(shared),
                headers=self._slack.authorization,
                allow_redirects=False,
                timeout=_TIMEOUT,
            ) as answer:
                _must_be_the_file(answer, shared)
                return await self._save(answer, shared)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _NotFetched(repr(error)) from error

    async def _save(self, answer: aiohttp.ClientResponse, shared: SlackFile) -> File:
        try:
            chunks = _whole(answer, shared.size)
            return await self._files().save(chunks, _name(shared), self._limit)
        except DeliveryRejected as error:
            raise _NotFetched(str(error), Loss.TOO_LARGE) from error

    def _remember(self, id: str, file: File) -> File:
        self._taken[id] = file
        while len(self._taken) > _REMEMBERED:
            del self._taken[next(iter(self._taken))]
        return file


def _must_be_the_file(answer: aiohttp.ClientResponse, shared: SlackFile) -> None:
    """Without the right to the file Slack answers with its sign-in page, or leads to it."""
    if answer.status in (404, 410):
        raise _NotFetched(f"HTTP {answer.status}", Loss.GONE)
    if answer.status != 200:
        raise _NotFetched(f"HTTP {answer.status}")
    if answer.content_type == "text/html" and shared.mimetype != "text/html":
        raise _NotFetched("a page instead of the file")


async def _whole(answer: aiohttp.ClientResponse, size: int) -> AsyncIterator[bytes]:
    """The bytes as they come; fewer or more than Slack announced are not the file."""
    seen = 0
    async for chunk in answer.content.iter_chunked(_CHUNK):
        seen += len(chunk)
        yield chunk
    if size and seen != size:
        raise _NotFetched(f"{seen} of {size} bytes")


def _address(shared: SlackFile) -> str:
    return shared.url_private_download or shared.url_private


def _name(shared: SlackFile) -> str:
    return shared.name or shared.title or shared.id
