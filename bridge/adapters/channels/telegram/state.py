"""What stands between the bot and its updates, told once and kept for `doctor`; and our webhook."""

from urllib.parse import urlsplit

import msgspec
import structlog

from bridge.adapters.channels.telegram.client import Client
from bridge.adapters.channels.telegram.errors import Conflict
from bridge.domain.errors import DeskbridgeError, StorageUnavailable
from bridge.domain.value import Value
from bridge.ports.adapter_store import AdapterStore

log = structlog.get_logger("bridge.telegram")

_TROUBLE = ("state", "trouble")
_WEBHOOK = ("state", "webhook")
NEW_TOKEN = "get the token from @BotFather (/token), and set it"  # noqa: S105 - words, not one
ELSEWHERE = "another program fetches this bot's updates with the same token"
STOP_IT = "stop that program (another desk, a test), or /revoke the token at @BotFather"
CONNECT = "run deskbridge connect telegram: it asks before it takes the bot from there"


class Trouble(Value):
    """Why nothing comes, and the way out."""

    detail: str
    fix: str


class State:
    """Remembers; says each trouble once."""

    def __init__(self, client: Client, store: AdapterStore, channel: str) -> None:
        """Nothing is known to be wrong; what was before is looked up when all is well."""
        self._client = client
        self._store = store
        self._channel = channel
        self._known: Trouble | None = None
        self._is_well = False

    async def well(self) -> None:
        """Updates come."""
        if self._is_well:
            return
        try:
            await self._store.remove(*_TROUBLE)
        except StorageUnavailable:
            return
        if self._known is not None:
            log.info("well_again", channel=self._channel)
        self._known, self._is_well = None, True

    async def conflict(self, error: Conflict) -> None:
        """Somebody else gets the updates: a webhook that was ours goes, any other is told."""
        if not error.webhook:
            await self.wrong(ELSEWHERE, STOP_IT)
            return
        try:
            url = (await self._client.webhook()).url
            if url and url == await self.webhook():
                await self._client.delete_webhook()
                log.info("webhook_deleted", channel=self._channel)
                return
        except DeskbridgeError as failure:
            log.info("webhook_not_looked_at", why=str(failure))
            return
        if url:
            await self.wrong(led_to(url), CONNECT)

    async def refused(self, error: DeskbridgeError) -> None:
        """The token is not valid."""
        await self.wrong(f"Telegram does not take the token: {error}", NEW_TOKEN)

    async def wrong(self, detail: str, fix: str) -> None:
        """From now on this is wrong, whoever asks."""
        trouble = Trouble(detail=detail, fix=fix)
        self._is_well = False
        if trouble == self._known:
            return
        self._known = trouble
        log.error("needs_operator", channel=self._channel, detail=detail, fix=fix)
        try:
            await self._store.put(*_TROUBLE, msgspec.json.encode(trouble))
        except StorageUnavailable as failure:
            log.warning("trouble_not_kept", why=str(failure))

    async def trouble(self) -> Trouble | None:
        """What was wrong last, in whatever process. Raises `StorageUnavailable`."""
        body = await self._store.get(*_TROUBLE)
        return None if body is None else msgspec.json.decode(body, type=Trouble)

    # --- the webhook --------------------------------------------------------------------------

    async def webhook(self) -> str:
        """The address that we told Telegram last. Raises `StorageUnavailable`."""
        return (await self._store.get(*_WEBHOOK) or b"").decode()

    async def keep_webhook(self, url: str) -> None:
        """This is the address now. Raises `StorageUnavailable`."""
        await self._store.put(*_WEBHOOK, url.encode())


def led_to(url: str) -> str:
    """Where a foreign webhook leads; its path may be a secret."""
    return f"this bot's updates are brought to {urlsplit(url).netloc or 'another address'}"
