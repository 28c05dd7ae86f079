"""What every test of the commands may use."""

import pytest

from tests.unit.commands.desks import FakeDesk, make_desk


@pytest.fixture
def desk() -> FakeDesk:
    """The usual desk."""
    return make_desk()
