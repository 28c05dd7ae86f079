"""`doctor` for a WhatsApp number: one line for each thing, with the exact way out."""

import secrets

import aiohttp
from yarl import URL

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
            return (self._bad("token", f"cannot be looked at: {error}", fix), await self._webhook())
        return (
            self._token(token),
            await self._number(),
            await self._subscribed(token),
            await self._webhook(),
            await self._templates(),
            await self._clock(),
        )

    # --- one each -----------------------------------------------------------------------------

    def _token(self, token: Token) -> Check:
        way_out = f"{_TOKENS}, and set [{self._place}] access_token"
        if not token.is_valid:
            return self._bad("token", "Meta does not accept it any more", way_out)
        if token.lacking():
            rights = ", ".join(token.lacking())
            return self._bad("token", f"lacks {rights}", f"{way_out}, with these rights")
        if not token.expires_at:
            return self._good("token", "is valid and never expires")
        left = token.expires_at * SECOND - self._context.clock.now()
        days = f"expires in {max(0, left // DAY)} days"
        if left < _SOON:
            return self._warn("token", days, f"{_TOKENS} that never expires")
        return self._good("token", days)

    async def _number(self) -> Check:
        try:
            number = await look_at_number(self._graph)
        except DeskbridgeError as error:
            fix = f"look at [{self._place}] phone_number_id"
            return self._bad("number", f"cannot be looked at: {error}", fix)
        detail = f"{number.display_phone_number} ({number.verified_name})"
        if number.quality_rating == "RED":
            fix = "customers block or report it: send fewer and better templates"
            return self._warn("number", f"{detail} has low quality", fix)
        return self._good("number", detail)

    async def _subscribed(self, token: Token) -> Check:
        account = self._settings.business_account_id
        try:
            apps = await apps_of(self._graph, account)
        except DeskbridgeError as error:
            fix = f"look at [{self._place}] business_account_id"
            return self._bad("webhooks", f"cannot be looked at: {error}", fix)
        if token.app_id in apps:
            return self._good("webhooks", "Meta sends the account's webhooks to our app")
        fix = "run deskbridge connect whatsapp again: it subscribes the app"
        return self._bad("webhooks", "our app is not subscribed to the account", fix)

    async def _webhook(self) -> Check:
        """The loop: what Meta will ask and tell, asked and told from here over `public_url`."""
        base = self._context.public_url
        if not base:
            return self._bad("public_url", "is not set", "set [server] public_url")
        url = f"{base}{self._path}"
        try:
            trouble = await self._loop(url)
        except (aiohttp.ClientError, TimeoutError) as error:
            trouble = f"cannot be reached from here ({type(error).__name__})"
        if trouble:
            fix = "start the desk, and lead this address to it"
            return self._bad("public_url", f"{url} {trouble}", fix)
        if URL(url).scheme != "https":
            fix = "put a proxy with a certificate in front of the desk"
            return self._warn("public_url", f"{url} answers, but Meta takes https only", fix)
        return self._good("public_url", f"{url} answers as Meta expects")

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
            return self._warn("templates", "were never read", "start the desk")
        count = len(self._shelf.every())
        usable = sum(each.sendable for each in self._shelf.every())
        age = (self._context.clock.now() - self._shelf.read_at) / HOUR
        detail = f"{usable} of {count} can be sent; read {age:.0f} hours ago"
        if age > 2 * self._settings.template_hours:
            return self._warn("templates", detail, "look at the log for templates_not_read")
        return self._good("templates", detail)

    async def _clock(self) -> Check:
        theirs = await self._graph.their_clock()
        if theirs is None:
            return self._warn("clock", "could not be compared with Meta's", "try again")
        skew = abs(theirs - self._context.clock.now())
        if skew > _SKEW:
            fix = "set this machine's clock by NTP: the reply window counts by it"
            return self._warn("clock", f"differs from Meta's by {skew // SECOND} s", fix)
        return self._good("clock", "agrees with Meta's")

    # --- how it is said -----------------------------------------------------------------------

    def _good(self, what: str, detail: str) -> Check:
        return Check(name=f"{self._place}.{what}", ok=True, detail=detail)

    def _warn(self, what: str, detail: str, fix: str) -> Check:
        return Check(name=f"{self._place}.{what}", ok=True, warning=True, detail=detail, fix=fix)

    def _bad(self, what: str, detail: str, fix: str) -> Check:
        return Check(name=f"{self._place}.{what}", ok=False, detail=detail, fix=fix)
