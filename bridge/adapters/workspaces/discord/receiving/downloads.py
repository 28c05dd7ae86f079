"""Takes the files that agents share out of Discord, byte for byte, as soon as they are there.

Their addresses are signed and expire: they are used at once and never kept.
"""

from bridge.adapters.common.downloads import Loss, NotFetched, whole
from bridge.adapters.workspaces.discord.receiving.payloads import Attachment
from bridge.domain.content import File
from bridge.domain.errors import DeliveryRejected, TemporaryFailure
from bridge.ports.egress import Egress
from bridge.ports.plugin import AdapterContext

_LOSSES = {"too_large": Loss.TOO_LARGE, "file_gone": Loss.GONE}


class DiscordFiles:
    """Fetches files without the bot's token: their addresses are signed."""

    def __init__(self, context: AdapterContext, api_url: str, limit: int) -> None:
        """`limit` is in bytes, for one file; `api_url` may be on a network of our own."""
        self._context = context
        self._egress = Egress(configured=(api_url,))
        self._limit = limit

    async def described(self, shared: Attachment) -> Attachment:
        """See `Source`: Discord says everything at once."""
        if shared.size > self._limit:
            raise NotFetched(f"{shared.size} bytes", Loss.TOO_LARGE)
        return shared

    async def fetch(self, shared: Attachment) -> File:
        """See `Source`."""
        try:
            chunks = whole(self._egress.fetch(shared.url, limit=self._limit), shared.size)
            return await self._context.files.save(chunks, shared.called, self._limit)
        except DeliveryRejected as error:
            raise NotFetched(str(error), _LOSSES.get(error.code, Loss.BROKEN)) from error
        except TemporaryFailure as error:
            raise NotFetched(str(error)) from error
