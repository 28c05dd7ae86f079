"""From words to a move that may be carried out, a view to show, or the answer why not."""

from bridge.commands import registry
from bridge.commands.authorize import EntryPoint, Object, admits, authorize
from bridge.commands.command import Command, Refusal, Wanted
from bridge.commands.desk import DeskView
from bridge.commands.objections import objection
from bridge.commands.permission import check, refusal, required
from bridge.commands.request import Request
from bridge.domain.events import Actor
from bridge.domain.moves import Move, Outcome, refused
from bridge.ports.queries import Query


def understand(
    name: str, request: Request, desk: DeskView, *, via: EntryPoint = EntryPoint.COMMAND
) -> Wanted:
    """What this command comes to for this person now.

    A move that is given back is permitted and nothing stands in its way; a query is permitted; an
    outcome is the answer: a refusal, a question, or that it is so already.
    """
    command = registry.find(name)
    return registry.unknown(name) if command is None else run(command, request, desk, via=via)


def run(command: Command, request: Request, desk: DeskView, *, via: EntryPoint) -> Wanted:
    """The same for a command that is known; it never gets more than it says it may need."""
    shut = _shut(command, request.actor, via)
    if shut is not None:
        return shut
    try:
        wanted = command.parse(request, desk)
    except Refusal as refusal_:
        return refusal_.outcome
    if isinstance(wanted, Outcome):
        return wanted
    return _hindrance(command, request, wanted, desk, via) or wanted


def _shut(command: Command, actor: Actor, via: EntryPoint) -> Outcome | None:
    """Who may never do any of it learns nothing of what exists."""
    if any(admits(actor, action, via=via) for action in command.actions):
        return None
    return refused(authorize(actor, command.actions[0], Object(), via=via).code)


def _hindrance(
    command: Command, request: Request, wanted: Move | Query, desk: DeskView, via: EntryPoint
) -> Outcome | None:
    action, _ = required(request.actor, wanted, desk)
    if action not in command.actions:
        return refusal("forbidden", None, desk)
    return check(request.actor, wanted, desk, via=via) or objection(
        request.actor, wanted, desk, request.now, sure=request.sure
    )
