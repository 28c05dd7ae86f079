"""What `doctor` says to whoever sets up several processes: what is wrong, and the way out."""

import pytest

from bridge.app.neighbours import Around, judge
from bridge.domain.ids import MINUTE, SECOND
from bridge.ports.plugin import Check

_OWN = "http://10.0.0.5:8080"
_PUBLIC = "https://desk.example.com"
_WELL = Around(own=_OWN, here="a", there="a")


def said(around: Around, language: str = "en") -> dict[str, tuple[str, str, str]]:
    """Status, detail and way out by name."""
    return {
        check.name: (_status(check), check.detail, check.fix)
        for check in judge(around, _PUBLIC, language)
    }


def _status(check: Check) -> str:
    return "WARN" if check.warning else "OK" if check.ok else "FAIL"


def test_a_process_that_is_where_it_says_is_well() -> None:
    assert said(_WELL) == {"replica_url": ("OK", f"{_OWN}: this very process answers there", "")}


def test_one_process_alone_may_say_that_it_is_on_this_machine() -> None:
    alone = Around(own="http://127.0.0.1:8080", here="a", there="a")

    assert said(alone)["replica_url"][0] == "OK"


def test_while_none_runs_here_nothing_is_claimed() -> None:
    status, detail, _ = said(Around(own=_OWN))["replica_url"]

    assert (status, "nobody was asked" in detail) == ("OK", True)


@pytest.mark.parametrize(
    ("around", "detail", "fix"),
    [
        pytest.param(
            Around(own="http://127.0.0.1:8080", here="a", there="a", elsewhere=("10.0.0.6", "")),
            "http://127.0.0.1:8080 means this machine only, and others run at 10.0.0.6, "
            "the database's machine",
            "let it listen for the others",
            id="on this machine only",
        ),
        pytest.param(
            Around(own="http://localhost:8080", elsewhere=("10.0.0.6",)),
            "others run at 10.0.0.6",
            "replica_url",
            id="the same before it runs",
        ),
        pytest.param(
            Around(own="https://desk.example.com", here="a", there="b"),
            "the load balancer",
            "every process needs its own",
            id="where everybody asks",
        ),
        pytest.param(
            Around(own=_OWN, here="a", there="b"),
            "another process answers",
            "do not share replica_url",
            id="one address for all",
        ),
        pytest.param(
            Around(own=_OWN, here="a", there=None),
            "nobody answers",
            "that the others reach",
            id="an address that nobody has",
        ),
        pytest.param(
            Around(own=_OWN, here="a", there=""), "is no desk", "the port", id="another program's"
        ),
    ],
)
def test_an_address_that_leads_elsewhere_fails(around: Around, detail: str, fix: str) -> None:
    status, what, way_out = said(around)["replica_url"]

    assert status == "FAIL"
    assert detail in what
    assert fix in way_out


@pytest.mark.parametrize("own", ["https://10.0.0.5:8443", "http://10.0.0.5:8080/one"])
def test_a_way_through_a_proxy_is_warned_of(own: str) -> None:
    assert said(Around(own=own, here="a", there="a"))["replica_url"][0] == "WARN"


@pytest.mark.parametrize(
    ("around", "name", "status"),
    [
        (Around(own=_OWN, leader="http://127.0.0.1:8080", leader_answers=False), "leader", "FAIL"),
        (Around(own=_OWN, another_key=True), "key", "FAIL"),
        (Around(own=_OWN, apart=2 * MINUTE), "clock", "WARN"),
        (Around(own=_OWN, apart=-2 * MINUTE), "clock", "WARN"),
    ],
)
def test_what_keeps_processes_apart_is_said(around: Around, name: str, status: str) -> None:
    assert said(around)[f"replica {name}"][0] == status


def test_clocks_that_are_nearly_right_are_right() -> None:
    assert list(said(Around(own=_OWN, apart=30 * SECOND))) == ["replica_url"]


def test_it_is_said_in_portuguese_too() -> None:
    _, detail, fix = said(Around(own=_OWN, here="a", there="b"), "pt_BR")["replica_url"]

    assert detail == f"outro processo responde em {_OWN}"
    assert fix.startswith("cada processo precisa do seu")
