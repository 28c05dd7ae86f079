"""Which addresses are anybody's to reach: one test case for each class and form of address."""

import pytest

from bridge.ports.addresses import is_public

PUBLIC = ["8.8.8.8", "157.240.22.35", "2a03:2880:f10d:83:face:b00c:0:25de", "::ffff:8.8.8.8"]

INTERNAL = {
    "loopback": "127.0.0.1",
    "another loopback": "127.255.255.254",
    "this host": "0.0.0.0",  # noqa: S104 - an address, not a listener
    "this network": "0.1.2.3",
    "private 10": "10.1.2.3",
    "private 172": "172.16.0.1",
    "private 192": "192.168.1.1",
    "carrier's own": "100.64.0.1",
    "link-local": "169.254.1.1",
    "cloud's own data": "169.254.169.254",
    "protocol assignments": "192.0.0.8",
    "documentation": "192.0.2.1",
    "relays": "192.88.99.1",
    "benchmarks": "198.18.0.1",
    "multicast": "224.0.0.1",
    "multicast of an organisation": "239.1.2.3",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "v6 loopback": "::1",
    "v6 nothing": "::",
    "v6 link-local": "fe80::1",
    "v6 link-local with a zone": "fe80::1%eth0",
    "v6 public with a zone": "2a03:2880::1%eth0",
    "v6 site-local": "fec0::1",
    "v6 unique local": "fd00:ec2::254",
    "v6 multicast": "ff02::1",
    "v6 global multicast": "ff0e::1",
    "v6 documentation": "2001:db8::1",
    "v6 tunnelled (Teredo)": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "v6 compatible": "::127.0.0.1",
    "v6 mapped loopback": "::ffff:127.0.0.1",
    "v6 mapped in hex": "::ffff:7f00:1",
    "v6 mapped private": "::ffff:10.0.0.1",
    "6to4 of a private one": "2002:0a00:0001::1",
    "NAT64 of a private one": "64:ff9b::10.0.0.1",
    "NAT64 of the cloud's data": "64:ff9b::a9fe:a9fe",
    "v6 outside of what is given out": "4000::1",
}

NO_PLAIN_ADDRESS = ["", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "8.8.8.08"]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INTERNAL.values(), ids=INTERNAL.keys())
def test_an_address_of_our_own_network_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", NO_PLAIN_ADDRESS)
def test_what_is_no_plain_address_is_not(address: str) -> None:
    assert not is_public(address)
