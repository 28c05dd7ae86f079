"""Finds out who a request comes from, believing only the proxies that were named."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PASSED_ON = "Deskbridge-Passed-On"
"""What a process of the desk adds to a request that it passes on to another; see `seal`."""

_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", PASSED_ON)


class Trust:
    """The proxies in front of us."""

    def __init__(self, proxies: Sequence[Network]) -> None:
        """Believe these, and nobody else."""
        self._proxies = tuple(proxies)

    def client(self, request: web.Request) -> str:
        """The client's own address.

        The chain is read from our end: the first hop that is not a named proxy is the client,
        and what stands before it is only his word.
        """
        peer = request.remote or ""
        if not self._proxies or not self.believes(peer):
            return peer
        hops = ",".join(request.headers.getall("X-Forwarded-For", ())).split(",")
        for hop in reversed(hops):
            address = _parse(hop)
            if address is None:
                return peer
            if not self._names(address):
                return str(address)
            peer = str(address)
        return peer

    def believes(self, peer: str) -> bool:
        """True when the other end of the connection is a named proxy."""
        address = _parse(peer)
        return address is not None and self._names(address)

    def _names(self, address: Address) -> bool:
        return any(address in network for network in self._proxies)


def is_local(request: web.Request) -> bool:
    """True for a request of this machine that no proxy and no process of ours handed on."""
    address = _parse(request.remote or "")
    if address is None:
        return request.remote in (None, "")  # a Unix socket has no address
    return address.is_loopback and not any(name in request.headers for name in _FORWARDED)


def _parse(text: str) -> Address | None:
    text = text.strip().removeprefix("[").removesuffix("]")
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
