"""Binding a socket, and what is said when it cannot be had."""

import socket

import pytest

from bridge.domain.errors import InvalidSettings
from bridge.web.server import address_of, bind


def test_a_port_that_is_taken_is_named_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(InvalidSettings) as refused:
            bind("127.0.0.1", port)

    assert str(refused.value) == (
        f"[server] port: {port} is taken by another program; "
        f"stop it, or choose another: --port {port + 1}"
    )


def test_a_host_that_is_not_ours_is_named() -> None:
    with pytest.raises(InvalidSettings, match=r"^\[server\] host: cannot listen on 203.0.113.7"):
        bind("203.0.113.7", 0)


def test_port_0_is_a_free_one_and_known_at_once() -> None:
    with bind("127.0.0.1", 0) as listener:
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_desk_for_other_machines_is_reached_from_this_one_by_loopback() -> None:
    with bind("0.0.0.0", 0) as listener:  # noqa: S104 - closed again at once
        assert address_of(listener).startswith("http://127.0.0.1:")
