"""A bot behind HTTP as the desk sees it."""

import hmac
import json
from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

import structlog
from aiohttp import hdrs, web
from msgspec.structs import replace
from pydantic import JsonValue, ValidationError

from bridge.adapters.bots.webhook.dialects.chatwoot import Chatwoot
from bridge.adapters.bots.webhook.dialects.dialect import Tools
from bridge.adapters.bots.webhook.dialects.presets import dialect
from bridge.adapters.bots.webhook.settings import WebhookSettings
from bridge.adapters.common.file_links import FileLinks
from bridge.adapters.common.webhook_calls import GONE, UNAUTHORIZED, Answered, TooLong, Transport
from bridge.adapters.common.webhooks import Signer
from bridge.domain.content import File
from bridge.domain.delivery import ANSWERED
from bridge.domain.errors import DeliveryRejected, InvalidSettings, TokenRejected
from bridge.domain.ids import BotId
from bridge.ports.bot import HEARD, BotCall, BotReply, BotSink
from bridge.ports.bot_answer import BotAnswer, read_answer
from bridge.ports.egress import Egress
from bridge.ports.plugin import AdapterContext, Check

log = structlog.get_logger("bridge.bot")


class WebhookBot:
    """Asks over HTTP. Its answers may bring files, which are fetched behind the egress guard."""

    def __init__(self, settings: WebhookSettings, context: AdapterContext) -> None:
        """Nothing is called before the first question."""
        self.bot_id = BotId(context.id)
        self.observes = settings.observe
        self.history = settings.history
        self._settings = settings
        self._context = context
        self._transport = Transport(context.http, settings.timeout)
        self._prefix = f"/bots/{context.id}"
        self._links = FileLinks(
            self._prefix,
            context.public_url,
            context.secret("file links"),
            lambda: context.files,
            context.clock,
        )
        self._egress = Egress(configured=(settings.url,))
        self._signer: Signer | None = None
        self._gone = False
        self._sessions = context.secret("sessions")
        self._sink: BotSink | None = None
        self._dialect = dialect(
            Tools(
                settings=settings,
                post=self._post,
                link=self._links.link,
                session=self._session,
                speak=self._speak,
            )
        )
        self.hears = HEARD | (settings.events & self._dialect.hears)

    async def start(self) -> None:
        """Check the secret. Raises `InvalidSettings`."""
        self._signer = self._new_signer()
        self._gone = False

    async def stop(self) -> None:
        """A call that is under way ends by itself."""

    async def ask(self, call: BotCall) -> BotReply:
        """See `BotAdapter.ask`; after a 410 nothing is asked until the next start."""
        if self._gone:
            raise DeliveryRejected("the bot said that it is gone (410)", "bot_gone")
        try:
            return await self._ask(call)
        except DeliveryRejected as error:
            if error.code == "bot_gone":
                self._gone = True
            log.warning("bot_refused", bot=self.bot_id, code=error.code, error=str(error))
            raise

    async def read(self, answer: BotAnswer, memory: str) -> BotReply:
        """What the bot says by itself, as the desk takes it. Raises as `read_answer` does."""
        return await read_answer(answer, memory, self._fetch)

    def connect(self, sink: BotSink) -> None:
        """See `SpeaksFirst.connect`."""
        self._sink = sink

    def routes(self) -> Iterable[web.RouteDef]:
        """Where the bot fetches the customers' files, and what its preset has it call."""
        yield self._links.route()
        if isinstance(self._dialect, Chatwoot):
            yield from self._dialect.routes(self._prefix)

    async def diagnose(self) -> tuple[Check, ...]:
        """Look at the settings and at what the bot said last."""
        name = f"bots.{self.bot_id}"
        try:
            self._new_signer()
        except InvalidSettings as error:
            return (Check(name=name, ok=False, detail=str(error), fix="deskbridge bot secret"),)
        if self._gone:
            fix = "start the bot again where it was, or change its url; then restart the desk"
            return (Check(name=name, ok=False, detail="answered 410: it is gone", fix=fix),)
        detail = f"{self._settings.preset} at {urlsplit(self._settings.url).netloc}"
        return (Check(name=name, ok=True, detail=detail),)

    # --- one question -----------------------------------------------------------------------

    async def _ask(self, call: BotCall) -> BotReply:
        try:
            said = await self._dialect.ask(call)
        except ValidationError as error:  # what another contract allows and ours does not
            raise DeliveryRejected("the bot's answer has no place here", "bot_nonsense") from error
        if call.kind not in ANSWERED:
            return BotReply()
        if said.later:
            return BotReply(later=True)
        reply = await self.read(said.answer, call.memory)
        return reply if said.memory is None else replace(reply, memory=said.memory)

    async def _speak(self, number: int, answer: BotAnswer, epoch: int | None) -> bool:
        if self._sink is None:
            return False
        reply = await self.read(answer, "")
        return await self._sink.speak(number, reply, epoch)

    async def _post(
        self, key: str, url: str, body: JsonValue, headers: Mapping[str, str] | None = None
    ) -> Answered:
        """One call: signed if there is a secret, with the bearer if there is one."""
        data = json.dumps(body, ensure_ascii=False).encode()
        proofs = {} if self._signer is None else self._signer.headers(key, data)
        token = self._settings.token.get_secret_value()
        if token:
            proofs[hdrs.AUTHORIZATION] = f"Bearer {token}"
        try:
            answered = await self._transport.post(url, data, {**proofs, **(headers or {})})
        except TooLong as error:
            raise DeliveryRejected(str(error), "bot_nonsense") from error
        if not answered.ok:
            if answered.status in UNAUTHORIZED:
                raise TokenRejected(f"the bot answered {answered.status}: it refuses our proof")
            code = "bot_gone" if answered.status == GONE else "bot_refused"
            raise DeliveryRejected(f"the bot answered {answered.status}", code)
        return answered

    async def _fetch(self, url: str, name: str) -> File:
        limit = self._settings.max_file_mib * 1024 * 1024
        called = name or unquote(urlsplit(url).path.rsplit("/", 1)[-1]) or "file"
        return await self._context.files.save(self._egress.fetch(url, limit=limit), called, limit)

    def _session(self, call: BotCall) -> str:
        """The same for the same customer for ever, and no number that means anything here."""
        return hmac.digest(self._sessions, call.session.encode(), "sha256").hex()[:32]

    def _new_signer(self) -> Signer | None:
        secret = self._settings.secret.get_secret_value()
        return Signer(secret, f"bots.{self.bot_id}.secret") if secret else None
