"""Tries a bot from outside: does it keep our contract, prove its caller, and answer in time?"""

import json
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import aiohttp
from aiohttp import hdrs
from msgspec.structs import replace

from bridge.adapters.bots.webhook.dialects.dialect import Tools
from bridge.adapters.bots.webhook.dialects.native import Native
from bridge.adapters.bots.webhook.settings import WebhookSettings
from bridge.adapters.common.webhook_calls import Answered
from bridge.adapters.common.webhooks import ID, SIGNATURE, TIMESTAMP, Signer
from bridge.domain.content import Content, File, FileKind, Location, text_content
from bridge.domain.delivery import BotEventKind
from bridge.domain.ids import ChannelId, FileId, Language, PublicId
from bridge.locales import say
from bridge.ports.bot import BotCall, Control, QueueState
from bridge.ports.bot_answer import BotAnswer
from bridge.ports.plugin import Check

ROUNDS: Final = 5
SLOW: Final = 5.0
DEADLINE: Final = 15.0
_HUGE = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """One call: what came back (`status` 0: nothing), and how long it took."""

    status: int
    body: bytes = b""
    error: str = ""
    seconds: float = 0.0

    @property
    def taken(self) -> bool:
        """True when the bot took it."""
        return 200 <= self.status < 300

    def said(self) -> str:
        """The status, or why there is none."""
        return str(self.status) if self.status else self.error


class Examination:
    """Looks at one bot, in the language of whoever asked."""

    def __init__(
        self, settings: WebhookSettings, language: str, http: aiohttp.ClientSession
    ) -> None:
        """`settings` are of our own contract. Raises `InvalidSettings` for no real secret."""
        self._url = settings.url
        self._language = language
        self._http = http
        self._signer = Signer(settings.secret.get_secret_value(), "secret")
        self._run = secrets.token_hex(4)
        self._native = Native(
            Tools(
                settings=settings,
                post=_nobody_posts,
                link=lambda file: f"https://desk.invalid/files/{file.id}",
                session=lambda call: call.session,
                speak=_nobody_speaks,
            )
        )

    async def checks(self) -> AsyncIterator[Check]:
        """Every check, as soon as it is done; without any answer there is but one."""
        first = await self._tell(self._hello("1"))
        if not first.taken:
            yield self._failed("reach", "fix_reach", said=first.said())
            return
        yield self._ok("reach", said=first.said())
        yield self._answer(first)
        for each in (self._latency, self._repeats, self._signature, self._news, self._odd):
            yield await each()

    # --- one by one ---------------------------------------------------------------------------

    def _answer(self, tried: Tried) -> Check:
        if tried.status == 202:
            return self._ok("answer_later")
        try:
            answer = BotAnswer.model_validate_json(tried.body or b"{}")
        except ValueError as error:
            first = str(error).splitlines()
            said = " ".join(line.strip() for line in first[1:3]) or first[0]
            return self._failed("answer", "fix_answer", said=said)
        if not (answer.messages or answer.handoff or answer.close):
            return self._warned("answer_silent", "fix_silent")
        return self._ok("answer_ok", count=len(answer.messages))

    async def _latency(self) -> Check:
        tries = [await self._tell(self._hello(f"t{number}")) for number in range(ROUNDS)]
        slowest = max(each.seconds for each in tries)
        took = f"{slowest * 1000:.0f}"
        if slowest > DEADLINE or not all(each.taken for each in tries):
            return self._failed("latency", "fix_latency", took=took, rounds=ROUNDS)
        make = self._warned if slowest > SLOW else self._good
        return make("latency", "fix_latency", took=took, rounds=ROUNDS)

    async def _repeats(self) -> Check:
        call = self._hello("again")
        one, other = await self._tell(call), await self._tell(call)
        if (one.status, _json(one.body)) == (other.status, _json(other.body)):
            return self._ok("repeats")
        return self._warned("repeats_not", "fix_repeats")

    async def _signature(self) -> Check:
        """Whatever is not proved must be refused."""
        body = self._body(self._hello("forged"))
        good = self._signer.headers("forged", body)
        long_ago = str(int(time.time()) - 3_600)
        forgeries: Mapping[str, tuple[Mapping[str, str], bytes]] = {
            "unsigned": ({}, body),
            "forged": ({**good, SIGNATURE: "v1," + "A" * 43 + "="}, body),
            "renamed": ({**good, ID: "another"}, body),
            "replayed": ({**good, TIMESTAMP: long_ago}, body),
            "changed": (good, body.replace(b"Hello", b"Jello")),
        }
        believed = [
            self._say(f"bot_check.forgery.{name}")
            for name, (headers, sent) in forgeries.items()
            if (await self._post(sent, headers)).taken
        ]
        if believed:
            return self._failed("believes", "fix_signature", what=", ".join(believed))
        return self._ok("signature", count=len(forgeries))

    async def _news(self) -> Check:
        kinds = [kind for kind in BotEventKind if kind is not BotEventKind.MESSAGE_CREATED]
        refused = []
        for kind in kinds:
            call = replace(self._hello(kind.value), kind=kind, content=None, control=Control.AGENT)
            if not (await self._tell(call)).taken:
                refused.append(kind.value)
        if refused:
            return self._failed("news_refused", "fix_news", what=", ".join(refused))
        return self._ok("news", count=len(kinds))

    async def _odd(self) -> Check:
        """What customers really send."""
        refused = []
        for name, content in _odd_contents():
            if not (await self._tell(replace(self._hello(name), content=content))).taken:
                refused.append(self._say(f"bot_check.odd.{name}"))
        if refused:
            return self._failed("odd_refused", "fix_odd", what=", ".join(refused))
        return self._ok("odd_ok")

    # --- calls --------------------------------------------------------------------------------

    def _hello(self, name: str) -> BotCall:
        return BotCall(
            key=f"check-{self._run}-{name}",
            kind=BotEventKind.MESSAGE_CREATED,
            session=f"check-{self._run}",
            conversation=PublicId("0" * 32),
            channel=ChannelId("check"),
            language=Language(self._language),
            customer="Bia",
            epoch=1,
            number=1,
            content=text_content("Hello"),
            queues=(QueueState(name="support", title="Support", available=1, waiting=0),),
        )

    def _body(self, call: BotCall) -> bytes:
        return json.dumps(self._native.event(call), ensure_ascii=False).encode()

    async def _tell(self, call: BotCall) -> Tried:
        body = self._body(call)
        return await self._post(body, self._signer.headers(call.key, body))

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> Tried:
        began = time.perf_counter()
        sent = {hdrs.CONTENT_TYPE: "application/json", **headers}
        timeout = aiohttp.ClientTimeout(total=2 * DEADLINE, connect=DEADLINE)
        try:
            async with self._http.post(
                self._url, data=body, headers=sent, allow_redirects=False, timeout=timeout
            ) as answer:
                said = await answer.content.read(_HUGE)
                seconds = time.perf_counter() - began
                return Tried(status=answer.status, body=said, seconds=seconds)
        except (aiohttp.ClientError, TimeoutError) as error:
            seconds = time.perf_counter() - began
            return Tried(status=0, error=type(error).__name__, seconds=seconds)

    # --- words --------------------------------------------------------------------------------

    def _say(self, key: str, **data: object) -> str:
        return say(self._language, key, **data)

    def _ok(self, key: str, **data: object) -> Check:
        detail = self._say(f"bot_check.{key}", **data)
        return Check(name=self._name(key), ok=True, detail=detail)

    def _good(self, key: str, _fix: str, **data: object) -> Check:
        return self._ok(key, **data)

    def _warned(self, key: str, fix: str, **data: object) -> Check:
        return self._make(key, fix, ok=True, **data)

    def _failed(self, key: str, fix: str, **data: object) -> Check:
        return self._make(key, fix, ok=False, **data)

    def _make(self, key: str, fix: str, *, ok: bool, **data: object) -> Check:
        return Check(
            name=self._name(key),
            ok=ok,
            warning=ok,
            detail=self._say(f"bot_check.{key}", **data),
            fix=self._say(f"bot_check.{fix}"),
        )

    def _name(self, key: str) -> str:
        return self._say(f"bot_check.name.{_NAMES.get(key, key)}")


_NAMES = {
    "answer_ok": "answer",
    "answer_later": "answer",
    "answer_silent": "answer",
    "believes": "signature",
    "repeats_not": "repeats",
    "news_refused": "news",
    "odd_ok": "odd",
    "odd_refused": "odd",
}


def _odd_contents() -> Iterator[tuple[str, Content]]:
    picture = File(id=FileId("0" * 32), kind=FileKind.IMAGE, mime="image/png", size=9, name="a.png")
    yield "emoji", text_content("👍🏽 שלום \\ {x} <b>")
    yield "long", text_content("palavra " * 2_500)
    yield "file", Content(files=(picture,))
    yield "place", Content(location=Location(latitude=-23.5, longitude=-46.6))
    yield "button", replace(text_content("x"), chosen="no-such-button")


def _json(body: bytes) -> object:
    try:
        found: object = json.loads(body or b"{}")
    except ValueError:
        return body
    return found


async def _nobody_posts(
    key: str, url: str, body: object, headers: Mapping[str, str] | None = None
) -> Answered:
    raise AssertionError("an examination makes its own calls")


async def _nobody_speaks(number: int, answer: BotAnswer, epoch: int | None) -> bool:
    raise AssertionError("an examination hears no bot that speaks by itself")
