"""What every test may use."""

import logging
from collections.abc import Iterator

import hypothesis
import pytest

from bridge.app.collector import settle_in
from tests.cores import workers_here

pytest_plugins = ["pytester", "tests.skips", "tests.browser", "tests.postgres"]

# A slow machine is no failure of ours. The same is asked every time: what fails now and then is
# looked for on its own, by `make test-search`.
_SLOW = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("deskbridge", _SLOW, derandomize=True)
hypothesis.settings.register_profile("search", _SLOW, max_examples=1_000)
hypothesis.settings.load_profile("deskbridge")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=20, help="how often a crash test kills")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` means."""
    return workers_here()


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: to look through them again costs a sixth."""
    settle_in()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """A failing run says how to repeat its order."""
    seed = config.getoption("randomly_seed", None)
    if exitstatus == pytest.ExitCode.TESTS_FAILED and seed is not None:
        terminalreporter.write_line(f"Repeat this order with --randomly-seed={seed}")


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """No test leaves the log louder than it was: the next one would write all that, too."""
    root = logging.getLogger()
    before = root.level
    yield
    left = root.level
    root.setLevel(before)
    assert left == before


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How often a crash test kills what it watches."""
    return int(request.config.getoption("--kills"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A long test may take ten minutes on a busy machine, one in a browser three."""
    for item in items:
        for marker, seconds in (("long", 600), ("browser", 180)):
            if item.get_closest_marker(marker) and not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(seconds))
