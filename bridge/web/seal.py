"""How one process of a desk tells another for whom it passes a request on."""

import hmac

from aiohttp import web

from bridge.domain.ids import MINUTE
from bridge.ports.clock import Clock
from bridge.web.trust import PASSED_ON

_LASTS = 5 * MINUTE
"""Clocks of machines differ by less; a seal is good for one address and one way of asking."""


class Seal:
    """Proves that a header is from a process that has the desk's key."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        """`key` is the same in all processes of the desk."""
        self._key = key
        self._clock = clock

    def made(self, method: str, target: str, client: str) -> str:
        """The header's value for this request of this client; `target` is the path with query."""
        at = self._clock.now()
        return f"{at} {self._proof(method, target, client, at)} {client}"

    def opened(self, request: web.Request) -> str | None:
        """The client for whom another process of ours passed this on; None when none did."""
        given = request.headers.getall(PASSED_ON, [])
        at, _, rest = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        proof, _, client = rest.partition(" ")
        if not (at.isascii() and at.isdigit() and len(at) < 16):
            return None
        if abs(self._clock.now() - int(at)) > _LASTS:
            return None
        ours = self._proof(request.method, request.raw_path, client, int(at)).encode()
        return client if hmac.compare_digest(ours, proof.encode("utf-8", "replace")) else None

    def _proof(self, method: str, target: str, client: str, at: int) -> str:
        said = "\n".join((method, target, client, str(at)))
        return hmac.digest(self._key, said.encode("utf-8", "surrogateescape"), "sha256").hex()
