"""`doctor` for a Telegram bot: one line for each thing, with the exact way out."""

import secrets
from datetime import timedelta

import aiohttp
from telegram import User, WebhookInfo

from bridge.adapters.channels.telegram.client import Client
from bridge.adapters.channels.telegram.settings import Receive, TelegramSettings
from bridge.adapters.channels.telegram.state import CONNECT, NEW_TOKEN, State, led_to
from bridge.adapters.channels.telegram.webhook import SECRET
from bridge.adapters.common.setup.checking import answers, bad, good, placed, worth_a_look
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
            return placed(self._place, [bad("token", f"cannot be looked at: {error}", fix)])
        checks = [self._token(me), self._webhook(info), self._waiting(info), self._groups(me)]
        if self._is_called:
            checks.append(await answers(self._url, self._tried(), "Telegram"))
        else:
            checks.append(await self._polling())
        return placed(self._place, checks)

    # --- one each -----------------------------------------------------------------------------

    def _token(self, me: User) -> Check:
        return good("token", f"is that of @{me.username} ({me.full_name})")

    def _webhook(self, info: WebhookInfo) -> Check:
        if not self._is_called:
            if info.url:
                return bad("webhook", led_to(info.url), CONNECT)
            return good("webhook", "there is none: updates are fetched")
        if not info.url:
            return bad("webhook", "Telegram was not told our address", "start the desk")
        if info.url != self._url:
            fix = f"start the desk with its public_url, or {CONNECT}"
            return bad("webhook", led_to(info.url), fix)
        if info.last_error_date is not None and info.last_error_message:
            detail = f"Telegram could not bring an update: {info.last_error_message}"
            fix = "look at the log, and whether the proxy leads this address to the desk"
            if self._is_recent(info.last_error_date.timestamp()):
                return worth_a_look("webhook", detail, fix)
        return good("webhook", "Telegram brings updates to our address")

    def _is_recent(self, seconds: float) -> bool:
        age = self._context.clock.now() - seconds * SECOND
        return age < _RECENT.total_seconds() * SECOND

    def _waiting(self, info: WebhookInfo) -> Check:
        detail = f"updates at Telegram: {info.pending_update_count}"
        if info.pending_update_count > _MANY:
            return worth_a_look("waiting", detail, "start the desk; Telegram keeps them for a day")
        return good("waiting", detail)

    def _groups(self, me: User) -> Check:
        if me.can_read_all_group_messages:
            fix = "turn its privacy mode on at @BotFather: /setprivacy"
            return worth_a_look(
                "groups", "may have the bot, and send it every line for nothing", fix
            )
        if me.can_join_groups:
            fix = "if nobody shall try it, turn it off at @BotFather: /setjoingroups"
            return good("groups", f"may have the bot, where it says nothing; {fix}")
        return good("groups", "cannot have the bot")

    async def _polling(self) -> Check:
        """What the desk met last: to ask here would take the updates away from it."""
        try:
            trouble = await self._state.trouble()
        except StorageUnavailable as error:
            return worth_a_look("polling", f"cannot be looked at: {error}", "look at the database")
        if trouble is not None:
            return bad("polling", trouble.detail, trouble.fix)
        return good("polling", "nobody else was met who fetches this bot's updates")

    async def _tried(self) -> str:
        """What Telegram will do, without an update: it only shows whether the secret counts."""
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
