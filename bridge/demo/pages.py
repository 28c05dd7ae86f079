"""The demo's page and the few addresses behind it."""

import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files

import msgspec
from aiohttp import hdrs, web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bridge.demo.cast import PEOPLE, speak
from bridge.demo.guarding import answer, body
from bridge.demo.history import History
from bridge.demo.house import House
from bridge.demo.phone.pages import PhonePages
from bridge.demo.phone.stirring import stirred
from bridge.demo.surfaces.customer import signature
from bridge.domain.errors import NotFound, Overloaded
from bridge.domain.ids import HOUR
from bridge.domain.value import Value
from bridge.locales import LANGUAGES, best_language, catalogue, say
from bridge.web.health import Phase
from bridge.web.problems import Refused

NAMES = ("Julia", "Pedro", "Alice", "Tom", "Beatriz", "Leo", "Nina", "Rafael")
_AGENT = "bruno"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "media-src 'self' blob:; connect-src 'self'; frame-src 'self' {team}; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_LOOK = 0.4
"""Seconds between two looks into the history."""
_OLD = 40
_EVENT = re.compile("[0-9]{1,18}")
_QUIET = 30
"""Looks without anything new after which the clock is told, so that the page knows we live."""


class Forward(Value, forbid_unknown_fields=True):
    """Let so much time pass on the desk."""

    hours: int


class Speak(Value, forbid_unknown_fields=True):
    """The language of the page from now on."""

    language: str


class Newcomer(Value, forbid_unknown_fields=True):
    """A customer whom the shop knows by name."""

    name: str


class Proof(Value):
    """What the shop's server gives its page: who the customer is, and that this is true."""

    id: str
    signature: str
    name: str


@dataclass(slots=True)
class Stage:
    """What the pages play on once it is there."""

    house: House
    history: History
    secret: str
    name: str
    language: str
    team: str = ""
    """Where the agents' chat workspace is shown, if that is what they answer from."""
    forward: int = 0


class DemoPages:
    """`/demo` and what it needs; `/` leads there. `play_on` comes before anybody looks."""

    def __init__(self) -> None:
        """Read the files; there is nothing to play on yet."""
        self._assets = _read_assets()
        self._version = hashlib.sha256(b"".join(self._assets.values())).hexdigest()[:12]
        self._templates = Environment(
            loader=PackageLoader("bridge.demo", "page"),
            autoescape=True,
            undefined=StrictUndefined,
        )
        self._stage: Stage | None = None
        self._phone = PhonePages(lambda: self.stage.house.shop)

    def play_on(self, house: House, *, secret: str, language: str, team: str = "") -> None:
        """Show this desk; its agents at the local workspace, or in the chat at this address."""
        self._stage = Stage(
            house=house,
            history=History(house.app),
            secret=secret,
            name=secrets.token_hex(4),
            language=language,
            team=team,
        )

    @property
    def stage(self) -> Stage:
        """The desk that is shown. Raises `Overloaded` before there is one."""
        if self._stage is None:
            raise Overloaded("The demo is being prepared.", retry_after=1)
        return self._stage

    def routes(self) -> Iterable[web.RouteDef]:
        """Everything under `/demo`, and the way there."""
        return (
            web.get("/", self._front),
            web.get("/demo", self._page),
            web.get("/demo/assets/{version}/{name}", self._asset),
            web.get("/demo/events", self._events),
            web.post("/demo/clock", self._clock),
            web.post("/demo/language", self._language),
            web.post("/demo/customers", self._customer),
            *self._phone.routes(),
        )

    async def _front(self, _request: web.Request) -> web.Response:
        return web.Response(status=303, headers={hdrs.LOCATION: "/demo"})

    # --- the page ---------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.Response:
        language = best_language(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
        house = self.stage.house
        html = self._templates.get_template("demo.html").render(
            language=language,
            tag=language.replace("_", "-"),
            t=lambda key: say(language, f"demo.{key}"),
            asset=self._address,
            brand=house.app.brand,
            people=PEOPLE,
            whatsapp=house.shop is not None,
            widget=f"{house.chat.removeprefix(house.url)}/widget.js",
            facts=self._facts(language),
        )
        policy = _POLICY.format(team=self.stage.team)
        headers = {"Content-Security-Policy": policy, hdrs.CACHE_CONTROL: "no-store"}
        return web.Response(text=html, content_type="text/html", headers=headers)

    def _facts(self, language: str) -> Markup:
        prefix = "demo."
        words = {
            each: {
                key.removeprefix(prefix): text
                for key, text in catalogue(each).items()
                if key.startswith(prefix)
            }
            for each in LANGUAGES
        }
        facts = {
            "agent": _AGENT,
            "brand": self.stage.house.app.brand,
            "house": self.stage.name,
            "language": language,
            "names": NAMES,
            "team": self.stage.team,
            "whatsapp": self.stage.house.shop is not None,
            "words": words,
        }
        encoded = msgspec.json.encode(facts).decode().replace("<", "\\u003c")
        return Markup(encoded)  # noqa: S704 - JSON in a script block is not HTML

    def _address(self, name: str) -> str:
        return f"/demo/assets/{self._version}/{name}"

    async def _asset(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._assets:
            raise NotFound("There is no such file.")
        return web.Response(
            body=self._assets[name],
            content_type=_TYPES[name[name.rindex(".") :]],
            charset="utf-8",
            headers={hdrs.CACHE_CONTROL: "public, max-age=31536000, immutable"},
        )

    # --- what happens -----------------------------------------------------------------------

    async def _events(self, request: web.Request) -> web.StreamResponse:
        last = _EVENT.fullmatch(request.headers.get("Last-Event-ID", ""))
        response = web.StreamResponse(
            headers={hdrs.CONTENT_TYPE: "text/event-stream", hdrs.CACHE_CONTROL: "no-store"}
        )
        await response.prepare(request)
        with suppress(ConnectionError):  # the page was closed, which is how streams end
            async for frame in self._frames(int(last[0]) if last else None):
                await response.write(frame)
        return response

    async def _frames(self, after: int | None) -> AsyncIterator[bytes]:
        stage, shown, quiet = self.stage, after or 0, 0
        yield _frame("clock", self._time())
        if after is None:
            for event in (await stage.history.since(0, old=True))[-_OLD:]:
                yield _frame("happened", event, event.id)
                shown = event.id
        forward = stage.forward
        with stirred(stage.house.shop) as telephones:
            while stage.house.app.parts.health.phase is Phase.READY:
                found = await stage.history.since(shown)
                for event in found:
                    yield _frame("happened", event, event.id)
                    shown = event.id
                for customer in telephones.taken():
                    yield _frame("phone", {"customer": customer})
                quiet = 0 if found else quiet + 1
                if forward != stage.forward or quiet >= _QUIET:
                    forward, quiet = stage.forward, 0
                    yield _frame("clock", self._time())
                await telephones.wait(_LOOK)

    def _time(self) -> dict[str, int]:
        return {"now": self.stage.house.clock.now(), "forward": self.stage.forward}

    # --- what the page may do ---------------------------------------------------------------

    async def _clock(self, request: web.Request) -> web.Response:
        wanted = await body(request, Forward)
        if wanted.hours not in (1, 24):
            raise Refused(422, "invalid", "The clock goes forward by 1 or 24 hours.")
        house = self.stage.house
        house.clock.forward(wanted.hours * HOUR)
        self.stage.forward += wanted.hours
        await house.app.parts.engine.tick()
        return answer(self._time())

    async def _language(self, request: web.Request) -> web.Response:
        wanted = (await body(request, Speak)).language
        if wanted in LANGUAGES and wanted != self.stage.language:
            self.stage.language = wanted
            await speak(self.stage.house, wanted)
        return answer({"language": self.stage.language})

    async def _customer(self, request: web.Request) -> web.Response:
        name = (await body(request, Newcomer)).name.strip()[:40] or NAMES[0]
        word = re.sub(r"[^a-z]+", "-", name.lower()).strip("-") or "customer"
        customer = f"{word}-{secrets.token_hex(2)}"
        proof = Proof(id=customer, signature=signature(self.stage.secret, customer), name=name)
        return answer(proof)


def _read_assets() -> dict[str, bytes]:
    """The page's own, and how the simulators' pages make their nodes."""
    own = files("bridge.demo").joinpath("page", "assets")
    shared = files("bridge.simulators.common").joinpath("page", "dom.js")
    found = sorted([*own.iterdir(), shared], key=lambda each: each.name)
    return {each.name: each.read_bytes() for each in found}


def _frame(event: str, data: object, id: int | None = None) -> bytes:
    named = b"" if id is None else b"id: %d\n" % id
    return named + b"event: %b\ndata: %b\n\n" % (event.encode(), msgspec.json.encode(data))
