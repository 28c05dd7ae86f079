"""What the words of a command come to, without asking for rights."""

from bridge.commands.command import Refusal, Wanted
from bridge.commands.registry import find
from bridge.commands.request import Request
from bridge.domain.moves import Outcome
from tests.unit.commands.desks import FakeDesk


def understood(command: str, request: Request, desk: FakeDesk) -> Wanted:
    """What the words alone come to."""
    found = find(command)
    assert found is not None
    try:
        return found.parse(request, desk)
    except Refusal as refusal:
        return refusal.outcome


def code(wanted: Wanted) -> str:
    """The word of an answer; anything else is none."""
    assert isinstance(wanted, Outcome), wanted
    return wanted.code
