"""What the demo refuses, and how a tour is shown."""

import json
import socket

import pytest

from bridge.demo.command import Wish, refuse
from bridge.demo.tour.play import Tour
from bridge.demo.tour.row import Result
from bridge.demo.tour.show import Show
from bridge.domain.errors import InvalidSettings

HELD = Result(row=1, title="reply", ok=True, observed="“Hello” was read")
FAILED = Result(row=2, title="transfer", ok=False, observed="expected a card; observed nothing")


@pytest.mark.parametrize("host", ["192.168.1.2", "desk.example", "::"])
def test_the_demo_is_for_this_machine_only(host: str) -> None:
    with pytest.raises(InvalidSettings, match=r"this machine only.*deskbridge run"):
        refuse(Wish(host=host, port=0))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.9.9.9"])
def test_every_name_of_this_machine_will_do(host: str) -> None:
    refuse(Wish(host=host, port=0))


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(
            InvalidSettings, match=rf"port {port} is taken.*make run PORT={port + 1}"
        ):
            refuse(Wish(port=port))


def test_machines_get_one_document_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    show = Show(2, as_json=True)

    with show.running():
        show.told(HELD)
        show.told(FAILED)
    show.over(Tour(rows=(HELD, FAILED), seconds=1.5))

    assert json.loads(capsys.readouterr().out) == {
        "rows": [
            {"row": 1, "title": "reply", "ok": True, "observed": "“Hello” was read"},
            {
                "row": 2,
                "title": "transfer",
                "ok": False,
                "observed": "expected a card; observed nothing",
            },
        ],
        "seconds": 1.5,
    }


def test_people_get_a_line_for_every_row_and_the_sum(capsys: pytest.CaptureFixture[str]) -> None:
    show = Show(2, as_json=False)

    with show.running():
        show.told(HELD)
        show.told(FAILED)
    show.over(Tour(rows=(HELD, FAILED), seconds=1.5))

    assert capsys.readouterr().out.splitlines() == [
        "✓  1 reply: “Hello” was read",
        "✗  2 transfer: expected a card; observed nothing",
        "1 of 2 rows held, in 1.5 s",
    ]


def test_a_tour_holds_only_if_every_row_does() -> None:
    assert Tour(rows=(HELD,), seconds=1).held
    assert not Tour(rows=(HELD, FAILED), seconds=1).held
