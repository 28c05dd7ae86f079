"""Who a request comes from: only named proxies are believed."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bridge.settings.sections import Network, ServerSection
from bridge.web.trust import Trust, is_local

PROXY = "10.0.0.2"


def proxies(*named: str) -> tuple[Network, ...]:
    return ServerSection.model_validate({"trusted_proxies": named}).trusted_proxies


class Transport:
    """The other end of a connection."""

    def __init__(self, peer: str | None) -> None:
        self._peer = None if peer is None else (peer, 50_000)

    def get_extra_info(self, name: str, default: object = None) -> object:
        return self._peer if name == "peername" else default


def request(peer: str | None, *forwarded: str, **headers: str) -> web.Request:
    all_headers = CIMultiDict(headers)
    for value in forwarded:
        all_headers.add("X-Forwarded-For", value)
    return make_mocked_request("GET", "/", headers=all_headers, transport=Transport(peer))


@pytest.mark.parametrize(
    ("named", "peer", "forwarded", "client"),
    [
        pytest.param([], "203.0.113.9", ["198.51.100.1"], "203.0.113.9", id="nobody is named"),
        pytest.param([PROXY], "203.0.113.9", ["1.1.1.1"], "203.0.113.9", id="a stranger claims"),
        pytest.param([PROXY], PROXY, ["198.51.100.1"], "198.51.100.1", id="a named proxy says"),
        pytest.param([PROXY], PROXY, [], PROXY, id="a named proxy says nothing"),
        pytest.param(
            [PROXY], PROXY, ["6.6.6.6, 198.51.100.1"], "198.51.100.1", id="the client lies first"
        ),
        pytest.param(
            ["10.0.0.0/8"], PROXY, ["198.51.100.1, 10.9.9.9"], "198.51.100.1", id="two proxies"
        ),
        pytest.param(
            [PROXY], PROXY, ["6.6.6.6", "198.51.100.1"], "198.51.100.1", id="two headers are one"
        ),
        pytest.param([PROXY], PROXY, ["<script>"], PROXY, id="nonsense is not believed"),
        pytest.param([PROXY], PROXY, ["198.51.100.1, evil"], PROXY, id="nonsense next to us"),
        pytest.param(
            [PROXY], "::ffff:10.0.0.2", ["198.51.100.1"], "198.51.100.1", id="IPv4 inside IPv6"
        ),
        pytest.param([PROXY], PROXY, ["[2001:db8::1]"], "2001:db8::1", id="IPv6 in brackets"),
    ],
)
def test_the_client_is(named: list[str], peer: str, forwarded: list[str], client: str) -> None:
    assert Trust(proxies(*named)).client(request(peer, *forwarded)) == client


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_local(peer: str) -> None:
    assert is_local(request(peer))


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_of_this_machine_hands_on_is_not_local(header: str) -> None:
    assert not is_local(request("127.0.0.1", **{header: "127.0.0.1"}))


def test_another_machine_is_not_local() -> None:
    assert not is_local(request("203.0.113.9"))
