"""One desk for all tests of a module: they must leave it as it was anyway."""

import io
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.captured import captured_log
from tests.integration.robust.ground import Ground, open_ground


@pytest.fixture(scope="module")
def complaints() -> Iterator[io.StringIO]:
    """What a desk of this module writes into its log that an operator should look at."""
    with captured_log("error") as stream:
        yield stream


@pytest.fixture
def errors(complaints: io.StringIO) -> io.StringIO:
    """The same, from now on."""
    complaints.seek(0)
    complaints.truncate()
    return complaints


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ground(
    complaints: io.StringIO, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Ground]:
    """A demo at work, with all its pages."""
    async with open_ground(tmp_path_factory.mktemp("ground"), complaints) as opened:
        yield opened
