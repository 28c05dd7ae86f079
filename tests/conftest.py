"""What every test may use."""

import pytest

pytest_plugins = ["pytester", "tests.skips", "tests.browser"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=20, help="how often a crash test kills")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How often a crash test kills what it watches."""
    return int(request.config.getoption("--kills"))
