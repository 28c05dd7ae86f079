"""Takes the files that agents share out of Slack, byte for byte, into the desk's own store."""

from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp

from bridge.adapters.common.downloads import Loss, NotFetched, whole
from bridge.adapters.workspaces.slack.client import SlackClient
from bridge.adapters.workspaces.slack.receiving.payloads import SlackFile, file_of
from bridge.domain.content import File
from bridge.domain.errors import DeliveryRejected, DeskbridgeError
from bridge.ports.files import FileStore

_SLACK_HOSTS = (".slack.com", ".slack-gov.com", ".slack-files.com")
_TIMEOUT = aiohttp.ClientTimeout(total=120, sock_connect=10, sock_read=30)
_CHUNK = 64 * 1024


class SlackFiles:
    """Fetches files with our token, which goes to Slack's own hosts and nowhere else."""

    def __init__(
        self, slack: SlackClient, files: Callable[[], FileStore], api_url: str, limit: int
    ) -> None:
        """`limit` is in bytes, for one file; `api_url`'s host is one of Slack's, too."""
        self._slack = slack
        self._files = files
        self._own = urlsplit(api_url)
        self._limit = limit

    async def described(self, shared: SlackFile) -> SlackFile:
        """See `Source`: one of another organisation's has to be asked for."""
        if shared.file_access == "check_file_info":
            try:
                answer = await self._slack.call("files.info", file=shared.id)
            except DeskbridgeError as error:
                raise NotFetched(str(error), Loss.GONE) from error
            shared = file_of(answer.get("file")) or shared
        if shared.mode in ("tombstone", "hidden_by_limit"):
            raise NotFetched(f"the file is {shared.mode}", Loss.GONE)
        if shared.size > self._limit:
            raise NotFetched(f"{shared.size} bytes", Loss.TOO_LARGE)
        if shared.mode == "external" or not self._is_slack(_address(shared)):
            raise NotFetched("the file is not at Slack", Loss.ELSEWHERE)
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

    async def fetch(self, shared: SlackFile) -> File:
        """See `Source`."""
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
            raise NotFetched(repr(error)) from error

    async def _save(self, answer: aiohttp.ClientResponse, shared: SlackFile) -> File:
        try:
            chunks = whole(answer.content.iter_chunked(_CHUNK), shared.size)
            return await self._files().save(chunks, shared.called, self._limit)
        except DeliveryRejected as error:
            raise NotFetched(str(error), Loss.TOO_LARGE) from error


def _must_be_the_file(answer: aiohttp.ClientResponse, shared: SlackFile) -> None:
    """Without the right to the file Slack answers with its sign-in page, or leads to it."""
    if answer.status in (404, 410):
        raise NotFetched(f"HTTP {answer.status}", Loss.GONE)
    if answer.status != 200:
        raise NotFetched(f"HTTP {answer.status}")
    if answer.content_type == "text/html" and shared.mimetype != "text/html":
        raise NotFetched("a page instead of the file")


def _address(shared: SlackFile) -> str:
    return shared.url_private_download or shared.url_private
