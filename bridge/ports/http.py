"""How an adapter serves pages and webhooks of its own."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from aiohttp import web

CLIENT_ADDRESS: web.RequestKey[str] = web.RequestKey("client_address", str)
"""The client's own address: the peer's, or the forwarded one when a trusted proxy said so."""


@runtime_checkable
class ServesHTTP(Protocol):
    """An adapter with routes; it keeps to its own prefix."""

    def routes(self) -> Iterable[web.RouteDef]:
        """Routes with absolute paths, all under the adapter's prefix."""
        ...
