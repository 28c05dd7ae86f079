"""The front page that shows the way, and the page of a refusal."""

from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files

from aiohttp import web
from jinja2 import Environment, PackageLoader

from bridge.domain.ids import Language
from bridge.locales import best_language, say
from bridge.ports.http import HasPage
from bridge.ports.tracing import current_request
from bridge.web.health import Health, Phase
from bridge.web.problems import Problem

_ASSETS = {"front.css": "text/css", "favicon.svg": "image/svg+xml"}
_KEPT = "public, max-age=3600"
_WORDS = {
    Phase.READY: "ready",
    Phase.DRAINING: "draining",
    Phase.INTAKE: "beside",
    Phase.CATCHING_UP: "catching_up",
    Phase.STARTING: "unready",
    Phase.STANDBY: "standby",
}


class FrontPages:
    """Small pages in the visitor's language."""

    def __init__(self, brand: str, places: Callable[[], Sequence[HasPage]], health: Health) -> None:
        """`places` are the adapters with a page of their own."""
        self._brand = brand
        self._places = places
        self._health = health
        self._templates = Environment(loader=PackageLoader("bridge.web", "pages"), autoescape=True)
        self._files = {
            name: files("bridge.web").joinpath("pages", name).read_bytes() for name in _ASSETS
        }

    def routes(self) -> list[web.RouteDef]:
        """`/`, its style and the icon."""
        return [
            web.get("/", self._front),
            web.get("/{name:front\\.css|favicon\\.svg}", self._asset),
            web.get("/favicon.ico", self._asset),
        ]

    async def _front(self, request: web.Request) -> web.Response:
        language = _language(request)
        pages = [place.page(Language(language)) for place in self._places()]
        phase = self._health.phase
        return self._render(
            "front.html",
            language,
            title=self._brand,
            brand=self._brand,
            pages=pages,
            state=phase,
            state_word=_WORDS[phase],
        )

    async def _asset(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "favicon.svg")
        return web.Response(
            body=self._files[name],
            content_type=_ASSETS[name],
            headers={"Cache-Control": _KEPT},
        )

    def problem(self, request: web.Request, problem: Problem) -> web.Response:
        """A refusal, for somebody with a browser."""
        language = _language(request)
        known = {400, 401, 403, 404, 405, 413, 500, 503}
        key = f"web.problem.p{problem.status}" if problem.status in known else "web.problem.other"
        sentence = say(language, key)
        response = self._render(
            "problem.html",
            language,
            title=f"{sentence} · {self._brand}",
            status=problem.status,
            sentence=sentence,
            reference=current_request.get() if problem.status >= 500 else None,
        )
        response.set_status(problem.status)
        if problem.retry_after is not None:
            response.headers["Retry-After"] = str(problem.retry_after)
        return response

    def _render(self, name: str, language: str, **data: object) -> web.Response:
        html = self._templates.get_template(name).render(
            language=language, say=partial(_say, language), **data
        )
        return web.Response(
            text=html,
            content_type="text/html",
            headers={"Content-Language": language.replace("_", "-"), "Vary": "Accept-Language"},
        )


def _say(language: str, key: str, **data: object) -> str:
    return say(language, f"web.{key}", **data)


def _language(request: web.Request) -> str:
    return best_language(request.headers.get("Accept-Language", ""))
