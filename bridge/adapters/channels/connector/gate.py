"""Proves that a request comes from the platform, and reads it. Nothing is stored before."""

import hashlib
import hmac

from aiohttp import hdrs, web

from bridge.adapters.channels.connector import wire
from bridge.adapters.common.webhooks import SIGNATURE, Signer
from bridge.domain.errors import UntrustedRequest
from bridge.ports.http import read_body

MAX_BODY = 256 * 1024


class Gate:
    """One platform's: it signs, or shows its token."""

    def __init__(self, signer: Signer, token: str) -> None:
        """Without a token only signatures count."""
        self._signer = signer
        self._token = token.encode()

    async def read(self, request: web.Request) -> tuple[wire.Anything, str]:
        """The event, and a name for it that is the same whenever the same is sent again.

        Raises `UntrustedRequest`, `ValidationError`, and what aiohttp raises for a large body.
        """
        if SIGNATURE not in request.headers:
            self._prove_token(request)
        body = await read_body(request, MAX_BODY)
        if body is None:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY, request.content_length or MAX_BODY + 1)
        name = self._signer.verify(request.headers, body) if SIGNATURE in request.headers else ""
        event = wire.ConnectorEvent.model_validate_json(body).root
        return event, name or _name(event, body)

    def _prove_token(self, request: web.Request) -> None:
        scheme, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        shown = given.strip().encode("utf-8", "surrogateescape")
        if not self._token or scheme.lower() != "bearer":
            raise UntrustedRequest("Sign the request by Standard Webhooks, or send the token.")
        if not hmac.compare_digest(shown, self._token):
            raise UntrustedRequest("This is not the token of this channel.")


def _name(event: wire.Anything, body: bytes) -> str:
    """Its own id; else the same body is the same event."""
    own = getattr(event, "id", None)
    return f"id:{own}" if own else f"body:{hashlib.sha256(body).hexdigest()}"
