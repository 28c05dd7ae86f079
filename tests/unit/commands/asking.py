"""Asks a command and presses the buttons of its answer."""

from bridge.commands.command import Wanted
from bridge.commands.understand import understand
from bridge.domain.ids import AgentId
from bridge.domain.moves import (
    Outcome,
)
from tests.unit.commands.desks import (
    FakeDesk,
    asked,
)


def answer(wanted: Wanted) -> Outcome:
    assert isinstance(wanted, Outcome), wanted
    return wanted


def pressed(desk: FakeDesk, outcome: Outcome, button: int, by: AgentId) -> Wanted:
    """What the button of an answer comes to."""
    offer = outcome.offers[button]
    return understand(offer.command, asked(desk, by=by, arguments=offer.arguments), desk)


def labels(outcome: Outcome) -> list[str]:
    return [offer.label for offer in outcome.offers]
