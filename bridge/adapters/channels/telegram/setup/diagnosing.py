"""`doctor` for a Telegram bot: one line for each thing, with the exact way out."""

import secrets
from datetime import timedelta

import aiohttp
from telegram import User, WebhookInfo
from yarl import URL

from bridge.adapters.channels.telegram.client import Client
from bridge.adapters.channels.telegram.settings import Receive, TelegramSettings
from bridge.adapters.channels.telegram.state import CONNECT, NEW_TOKEN, State, led_to
from bridge.adapters.channels.telegram.webhook import SECRET
from bridge.domain.errors import DeskbridgeError, StorageUnavailable
from bridge.domain.ids import SECOND
from bridge.ports.plugin import AdapterContext, Check

_MANY = 100
"""So many updates that wait are more than a desk leaves behind while it runs."""
_RECENT = timedelta(hours=1)
_TIMEOUT = aiohttp.ClientTimeout(total=15)


class Diagnosis:
    """Looks at one bot; changes nothing, and takes no update from anybody."""

    def __init__(
        self,
        settings: TelegramSettings,
        client: Client,
        state: State,
        context: AdapterContext,
        path: str,
    ) -> None:
        """`path` is the webhook's below `public_url`."""
        self._settings = settings
        self._client = client
        self._state = state
        self._context = context
        self._path = path
        self._place = f"channels.{context.id}"

    @property
    def _url(self) -> str:
        return f"{self._context.public_url}{self._path}"

    @property
    def _is_called(self) -> bool:
        return self._settings.receive is Receive.WEBHOOK

    async def checks(self) -> tuple[Check, ...]:
        """Everything; where the token is worth nothing, the rest cannot be asked."""
        try:
            me, info = await self._client.me(), await self._client.webhook()
        except DeskbridgeError as error:
            fix = f"{NEW_TOKEN} as [{self._place}] token"
            return (self._bad("token", f"cannot be looked at: {error}", fix),)
        checks = [self._token(me), self._webhook(info), self._waiting(info), self._groups(me)]
        if self._is_called:
            checks.append(await self._loop())
        else:
            checks.append(await self._polling())
        return tuple(checks)

    # --- one each -----------------------------------------------------------------------------

    def _token(self, me: User) -> Check:
        return self._good("token", f"is that of @{me.username} ({me.full_name})")

    def _webhook(self, info: WebhookInfo) -> Check:
        if not self._is_called:
            if info.url:
                return self._bad("webhook", led_to(info.url), CONNECT)
            return self._good("webhook", "there is none: updates are fetched")
        if not info.url:
            return self._bad("webhook", "Telegram was not told our address", "start the desk")
        if info.url != self._url:
            fix = f"start the desk with its public_url, or {CONNECT}"
            return self._bad("webhook", led_to(info.url), fix)
        if info.last_error_date is not None and info.last_error_message:
            detail = f"Telegram could not bring an update: {info.last_error_message}"
            fix = "look at the log, and whether the proxy leads this address to the desk"
            if self._is_recent(info.last_error_date.timestamp()):
                return self._warn("webhook", detail, fix)
        return self._good("webhook", "Telegram brings updates to our address")

    def _is_recent(self, seconds: float) -> bool:
        age = self._context.clock.now() - seconds * SECOND
        return age < _RECENT.total_seconds() * SECOND

    def _waiting(self, info: WebhookInfo) -> Check:
        detail = f"updates at Telegram: {info.pending_update_count}"
        if info.pending_update_count > _MANY:
            return self._warn("waiting", detail, "start the desk; Telegram keeps them for a day")
        return self._good("waiting", detail)

    def _groups(self, me: User) -> Check:
        if me.can_read_all_group_messages:
            fix = "turn its privacy mode on at @BotFather: /setprivacy"
            return self._warn("groups", "may have the bot, and send it every line for nothing", fix)
        if me.can_join_groups:
            fix = "if nobody shall try it, turn it off at @BotFather: /setjoingroups"
            return self._good("groups", f"may have the bot, where it says nothing; {fix}")
        return self._good("groups", "cannot have the bot")

    async def _polling(self) -> Check:
        """What the desk met last: to ask here would take the updates away from it."""
        try:
            trouble = await self._state.trouble()
        except StorageUnavailable as error:
            return self._warn("polling", f"cannot be looked at: {error}", "look at the database")
        if trouble is not None:
            return self._bad("polling", trouble.detail, trouble.fix)
        return self._good("polling", "nobody else was met who fetches this bot's updates")

    async def _loop(self) -> Check:
        """What Telegram will do, done from here over `public_url`."""
        try:
            trouble = await self._answers()
        except (aiohttp.ClientError, TimeoutError) as error:
            trouble = f"cannot be reached from here ({type(error).__name__})"
        if trouble:
            fix = "start the desk, and lead this address to it"
            return self._bad("public_url", f"{self._url} {trouble}", fix)
        if URL(self._url).scheme != "https":
            fix = "put a proxy with a certificate in front of the desk"
            detail = f"{self._url} answers, but Telegram takes https only"
            return self._warn("public_url", detail, fix)
        return self._good("public_url", f"{self._url} answers as Telegram expects")

    async def _answers(self) -> str:
        """No update is in what is sent: it only shows whether the secret is looked at."""
        secret = self._settings.webhook_secret.get_secret_value()
        for given, expected in ((secret, 400), (secrets.token_urlsafe(32), 401)):
            async with self._context.http().post(
                self._url,
                data=b"",
                headers={SECRET: given},
                timeout=_TIMEOUT,
                allow_redirects=False,
            ) as answer:
                if answer.status != expected:
                    return f"answered {answer.status} instead of {expected}"
        return ""

    # --- how it is said -----------------------------------------------------------------------

    def _good(self, what: str, detail: str) -> Check:
        return Check(name=f"{self._place}.{what}", ok=True, detail=detail)

    def _warn(self, what: str, detail: str, fix: str) -> Check:
        return Check(name=f"{self._place}.{what}", ok=True, warning=True, detail=detail, fix=fix)

    def _bad(self, what: str, detail: str, fix: str) -> Check:
        return Check(name=f"{self._place}.{what}", ok=False, detail=detail, fix=fix)
