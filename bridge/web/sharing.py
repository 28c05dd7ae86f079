"""What a process does with a request while another one may run the desk."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from aiohttp import hdrs, web

from bridge.domain.errors import NotLeading, Overloaded, UntrustedRequest
from bridge.ports.holding import Role
from bridge.web.health import Phase
from bridge.web.seal import Seal
from bridge.web.trust import PASSED_ON, Trust, is_local

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

OWN = frozenset(
    {
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
        ("GET", "/"),
        ("GET", "/{name}"),
        ("GET", "/favicon.ico"),
    }
)
"""Each process answers for itself."""

_TAKING = (Phase.INTAKE, Phase.CATCHING_UP)


class Sharing:
    """The requests of one process among several: its own, anybody's, and those of who leads."""

    def __init__(self, role: Role, seal: Seal, pass_on: Handler) -> None:
        """Until `anywhere` is said, only what is each process's own is served here."""
        self.role = role
        self._seal = seal
        self._pass_on = pass_on
        self._anywhere: frozenset[tuple[str, str]] = frozenset()

    def anywhere(self, routes: Iterable[tuple[str, str]]) -> None:
        """These, too, are served by every process that takes something."""
        self._anywhere = frozenset(routes)

    def client(self, trust: Trust, request: web.Request) -> str:
        """The client's own address, however many processes and proxies stand between."""
        passed = self._seal.opened(request) if PASSED_ON in request.headers else None
        return trust.client(request) if passed is None else passed

    def handler(self, request: web.Request, handler: Handler, phase: Phase) -> Handler:
        """Who serves it in this phase. Raises `Overloaded`, `UntrustedRequest`."""
        passed = PASSED_ON in request.headers
        if passed and self._seal.opened(request) is None:
            raise UntrustedRequest("This header is for processes of one desk.")
        if phase is Phase.READY and not (self.role is Role.WORKER and _is_from_outside(request)):
            return handler
        route = _route_of(request)
        if route is None or route in OWN:
            return handler
        if phase is Phase.READY:
            raise Overloaded("Not here: this process takes nothing from outside.")
        if phase not in _TAKING:
            raise Overloaded("Not now: this process is starting or stopping.")
        if passed:
            raise Overloaded("Not here: another process runs this desk.")  # one hop, never two
        return partial(self._here_first, handler) if route in self._anywhere else self._pass_on

    async def _here_first(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except NotLeading:
            return await self._pass_on(request)


def _is_from_outside(request: web.Request) -> bool:
    """Neither another process of the desk nor the command line of this machine asks."""
    return PASSED_ON not in request.headers and not is_local(request)


def _route_of(request: web.Request) -> tuple[str, str] | None:
    """The method and the template; None where there is nothing, as every process can say."""
    resource = request.match_info.route.resource
    if resource is None:
        return None
    method = hdrs.METH_GET if request.method == hdrs.METH_HEAD else request.method
    return method, resource.canonical
