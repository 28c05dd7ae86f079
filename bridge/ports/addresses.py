"""Which network addresses are anybody's to reach, and which are this network's own affair."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_PROTOCOLS = IPv4Network("192.0.0.0/24")
_RELAYS = IPv4Network("192.88.99.0/24")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_LOW_32 = 0xFFFF_FFFF


def is_public(address: str) -> bool:
    """True only for an address of the open internet; what is no plain address is not public.

    An IPv6 address that carries an IPv4 address (mapped, 6to4, NAT64) is public only if that one
    is. Loopback, private, link-local, shared, multicast, reserved and tunnelled ones never are.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return _public_v4(found)
    if found.scope_id is not None:
        return False
    carried = _carried(found)
    if carried is not None:
        return _public_v4(carried)
    return found in _GLOBAL_UNICAST and found.is_global and found.teredo is None


def _public_v4(address: IPv4Address) -> bool:
    special = address in _PROTOCOLS or address in _RELAYS
    return address.is_global and not (special or address.is_multicast or address.is_reserved)


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & _LOW_32)
    return address.ipv4_mapped or address.sixtofour
