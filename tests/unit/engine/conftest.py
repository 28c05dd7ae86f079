"""A desk for every test."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.office import Office


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """A desk with a queue and nobody in it."""
    office = await Office().open()
    await office.queue("sales")
    yield office
    await office.close()
