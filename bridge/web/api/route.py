"""One operation of the API, declared once: for the router, the checks and the description."""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Generic, TypeAlias, TypeVar

from aiohttp import hdrs, web
from pydantic import BaseModel

from bridge.commands.authorize import Action, Object, Scope, authorize
from bridge.domain.errors import NotAuthorized
from bridge.domain.events import Actor
from bridge.domain.ids import SourceKey
from bridge.locales import DEFAULT, best_language
from bridge.web.api.fields import Body, Nothing
from bridge.web.edge import MAX_BODY
from bridge.web.problems import Refused
from bridge.web.tokens import Tokens, entry_point

B = TypeVar("B", bound=Body)
Q = TypeVar("Q", bound=Body)

_LONGEST_KEY = 100
_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Call(Generic[B, Q]):
    """One request, checked: who, which path, what."""

    actor: Actor
    path: dict[str, str]
    body: B
    query: Q
    source: tuple[SourceKey, ...] = ()
    language: str = DEFAULT

    def number(self) -> int:
        """The conversation's number in the path."""
        word = self.path["number"]
        if not (word.isascii() and word.isdigit() and len(word) <= 15):
            raise Refused(404, "not_found", "There is no such conversation.")
        return int(word)


@dataclass(frozen=True, kw_only=True, slots=True)
class Route(Generic[B, Q]):
    """One operation. `scope` is what a token needs; without one it is the command line's alone.

    `keyed` ones refuse a call without an `Idempotency-Key`. `who` says, instead of a scope, who may
    call what an adapter serves by itself.
    """

    method: str
    path: str
    scope: Scope | None
    handler: Callable[[Call[B, Q]], Awaitable[BaseModel | None]]
    body: type[B]
    query: type[Q]
    answer: type[BaseModel] | None = None
    status: int = 200
    keyed: bool = False
    who: str = ""

    @property
    def summary(self) -> str:
        """What its handler promises."""
        return (inspect.getdoc(self.handler) or "").rstrip(".")

    @property
    def parameters(self) -> list[str]:
        """The names in the path."""
        return _PARAMETER.findall(self.path)


AnyRoute = Route[Any, Any]  # each has a body and a query of its own


Taken: TypeAlias = Callable[[SourceKey], Awaitable[bool]]
"""Whether something of a source was taken."""


def serve(routes: Iterable[AnyRoute], tokens: Tokens, taken: Taken) -> list[web.RouteDef]:
    """The operations as aiohttp takes them."""
    return [web.route(each.method, each.path, _handler(each, tokens, taken)) for each in routes]


def _handler(
    route: AnyRoute, tokens: Tokens, taken: Taken
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        actor = await tokens.actor(request.headers.get(hdrs.AUTHORIZATION, ""))
        if route.scope is None:
            _for_the_operator(actor)
        call = Call(
            actor=actor,
            path=dict(request.match_info),
            body=await _body(request, route.body),
            query=_query(request, route.query),
            source=await _source(request, actor, needed=route.keyed),
            language=best_language(request.headers.get(hdrs.ACCEPT_LANGUAGE, "")),
        )
        shape = await route.handler(call)
        if call.source and await _is_another(call.source, taken):
            raise Refused(
                422, "idempotency_key_reused", "This Idempotency-Key was used for another request."
            )
        if shape is None:
            return web.Response(status=204)
        return web.Response(
            status=route.status, text=shape.model_dump_json(), content_type="application/json"
        )

    return handle


def _for_the_operator(actor: Actor) -> None:
    if not authorize(actor, Action.RUN_DESK, Object(), via=entry_point(actor)).allowed:
        raise NotAuthorized("Only the command line of the desk's machine does this.")


async def _body(request: web.Request, model: type[B]) -> B:
    if model is Nothing:
        return model()
    if request.content_type != "application/json":
        raise Refused(415, "unsupported_type", "Send the body as application/json.")
    if (request.content_length or 0) > MAX_BODY:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY, request.content_length or 0)
    return model.model_validate_json(await request.read(), strict=True)


def _query(request: web.Request, model: type[Q]) -> Q:
    values: dict[str, object] = {}
    for name in request.query:
        field = model.model_fields.get(name)
        many = field is not None and str(field.annotation).startswith("tuple")
        values[name] = request.query.getall(name) if many else request.query[name]
        if not many and len(request.query.getall(name)) > 1:
            raise Refused(422, "invalid", f"{name[:40]}: may be given only once")
    return model.model_validate(values)


async def _source(request: web.Request, actor: Actor, *, needed: bool) -> tuple[SourceKey, ...]:
    """The same `Idempotency-Key` by the same token acts once: its name, and this request's."""
    key = request.headers.get("Idempotency-Key")
    if key is None and needed:
        raise Refused(400, "no_idempotency_key", "Send an Idempotency-Key: any text of your own.")
    if key is None:
        return ()
    if not 0 < len(key) <= _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Refused(
            400, "bad_idempotency_key", f"Idempotency-Key: at most {_LONGEST_KEY} ASCII characters."
        )
    asked = f"{request.method} {request.path}\n".encode() + await request.read()
    name = f"api:{actor.kind}:{actor.name}:{key}"
    return SourceKey(name), SourceKey(f"{name}:{sha256(asked).hexdigest()}")


async def _is_another(source: tuple[SourceKey, ...], taken: Taken) -> bool:
    """The key was taken, but for another request: nothing of this one was done."""
    key, whole = source
    return await taken(key) and not await taken(whole)
