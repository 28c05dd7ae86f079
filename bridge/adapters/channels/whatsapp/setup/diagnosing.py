"""`doctor` for a WhatsApp number: one line for each thing, with the exact way out."""

import secrets

import aiohttp

from bridge.adapters.channels.whatsapp.client import Graph
from bridge.adapters.channels.whatsapp.settings import WhatsAppSettings
from bridge.adapters.channels.whatsapp.setup.inspecting import (
    Token,
    apps_of,
    look_at_number,
    look_at_token,
)
from bridge.adapters.channels.whatsapp.shelf import Shelf
from bridge.adapters.channels.whatsapp.signature import sign
from bridge.adapters.common.setup.checking import answers, bad, good, placed, worth_a_look
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import DAY, HOUR, SECOND
from bridge.ports.plugin import AdapterContext, Check

_SOON = 14 * DAY
_SKEW = 60 * SECOND
_EMPTY = b'{"object":"whatsapp_business_account","entry":[]}'
_TIMEOUT = aiohttp.ClientTimeout(total=15)
_TOKENS = "make a system user's token at business.facebook.com/settings/system-users"


class Diagnosis:
    """Looks at one number; changes nothing."""

    def __init__(
        self,
        settings: WhatsAppSettings,
        context: AdapterContext,
        graph: Graph,
        shelf: Shelf,
        path: str,
    ) -> None:
        """`path` is the webhook's below `public_url`."""
        self._settings = settings
        self._context = context
        self._graph = graph
        self._shelf = shelf
        self._path = path
        self._place = f"channels.{context.id}"

    async def checks(self) -> tuple[Check, ...]:
        """Everything; where the token is worth nothing, the rest cannot be asked."""
        try:
            secret = self._settings.access_token.get_secret_value()
            token = await look_at_token(self._graph, secret)
        except DeskbridgeError as error:
            fix = f"{_TOKENS}, and set [{self._place}] access_token"
            token_check = bad("token", f"cannot be looked at: {error}", fix)
            return placed(self._place, [token_check, await self._webhook()])
        found = [
            self._token(token),
            await self._number(),
            await self._subscribed(token),
            await self._webhook(),
            await self._templates(),
            await self._clock(),
        ]
        return placed(self._place, found)

    # --- one each -----------------------------------------------------------------------------

    def _token(self, token: Token) -> Check:
        way_out = f"{_TOKENS}, and set [{self._place}] access_token"
        if not token.is_valid:
            return bad("token", "Meta does not accept it any more", way_out)
        if token.lacking():
            rights = ", ".join(token.lacking())
            return bad("token", f"lacks {rights}", f"{way_out}, with these rights")
        if not token.expires_at:
            return good("token", "is valid and never expires")
        left = token.expires_at * SECOND - self._context.clock.now()
        days = f"expires in {max(0, left // DAY)} days"
        if left < _SOON:
            return worth_a_look("token", days, f"{_TOKENS} that never expires")
        return good("token", days)

    async def _number(self) -> Check:
        try:
            number = await look_at_number(self._graph)
        except DeskbridgeError as error:
            fix = f"look at [{self._place}] phone_number_id"
            return bad("number", f"cannot be looked at: {error}", fix)
        detail = f"{number.display_phone_number} ({number.verified_name})"
        if number.quality_rating == "RED":
            fix = "customers block or report it: send fewer and better templates"
            return worth_a_look("number", f"{detail} has low quality", fix)
        return good("number", detail)

    async def _subscribed(self, token: Token) -> Check:
        account = self._settings.business_account_id
        try:
            apps = await apps_of(self._graph, account)
        except DeskbridgeError as error:
            fix = f"look at [{self._place}] business_account_id"
            return bad("webhooks", f"cannot be looked at: {error}", fix)
        if token.app_id in apps:
            return good("webhooks", "Meta sends the account's webhooks to our app")
        fix = "run deskbridge connect whatsapp again: it subscribes the app"
        return bad("webhooks", "our app is not subscribed to the account", fix)

    async def _webhook(self) -> Check:
        """The loop: what Meta will ask and tell, asked and told from here over `public_url`."""
        base = self._context.public_url
        if not base:
            return bad("public_url", "is not set", "set [server] public_url")
        url = f"{base}{self._path}"
        return await answers(url, self._loop(url), "Meta")

    async def _loop(self, url: str) -> str:
        word = secrets.token_hex(8)
        verify = self._settings.verify_token.get_secret_value()
        query = {"hub.mode": "subscribe", "hub.verify_token": verify, "hub.challenge": word}
        http = self._context.http()
        async with http.get(url, params=query, timeout=_TIMEOUT, allow_redirects=False) as answer:
            if answer.status != 200 or await answer.text() != word:
                return f"did not answer the challenge ({answer.status})"
        signed = sign(self._settings.app_secret.get_secret_value(), _EMPTY)
        for signature, expected in ((signed, 200), (f"sha256={'0' * 64}", 401)):
            headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
            async with http.post(
                url, data=_EMPTY, headers=headers, timeout=_TIMEOUT, allow_redirects=False
            ) as answer:
                if answer.status != expected:
                    return f"answered {answer.status} instead of {expected}"
        return ""

    async def _templates(self) -> Check:
        await self._shelf.load()
        if self._shelf.read_at is None:
            return worth_a_look("templates", "were never read", "start the desk")
        count = len(self._shelf.every())
        usable = sum(each.sendable for each in self._shelf.every())
        age = (self._context.clock.now() - self._shelf.read_at) / HOUR
        detail = f"{usable} of {count} can be sent; read {age:.0f} hours ago"
        if age > 2 * self._settings.template_hours:
            return worth_a_look("templates", detail, "look at the log for templates_not_read")
        return good("templates", detail)

    async def _clock(self) -> Check:
        theirs = await self._graph.their_clock()
        if theirs is None:
            return worth_a_look("clock", "could not be compared with Meta's", "try again")
        skew = abs(theirs - self._context.clock.now())
        if skew > _SKEW:
            fix = "set this machine's clock by NTP: the reply window counts by it"
            return worth_a_look("clock", f"differs from Meta's by {skew // SECOND} s", fix)
        return good("clock", "agrees with Meta's")
