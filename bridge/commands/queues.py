"""`/queues`: the board of queues; for admins also the verbs that set queues up."""

from collections.abc import Callable, Mapping

from bridge.commands import queue_setup
from bridge.commands.authorize import Action, EntryPoint, admits
from bridge.commands.command import Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import chosen, first_word, me, the_queue
from bridge.commands.request import Request
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec
from bridge.ports.queries import ShowQueues

_RUN: Mapping[str, Callable[[str, Request, DeskView], Wanted]] = {
    "create": queue_setup.create,
    "add": queue_setup.add,
    "remove": queue_setup.remove,
    "capacity": queue_setup.capacity,
    "bind": queue_setup.bind,
    "unbind": queue_setup.unbind,
    "set": queue_setup.change,
}


def parse(request: Request, desk: DeskView) -> Wanted:
    """One queue, those that he may see, all by name (for admins), or a verb and what it needs."""
    me(request)
    action = request.arguments.get("action", "").strip()
    word, rest = first_word(request.text)
    verb = chosen(action or word, queue_setup.VERBS)
    if verb is not None:
        details = request.arguments.get("details", "") or request.text
        return _RUN[verb](details if action else rest, request, desk)
    named = request.arguments.get("queue", "").strip() or request.text.strip()
    if chosen(named, {"all": ("todas", "todos")}):
        if not admits(request.actor, Action.SHOW_ALL_QUEUES, via=EntryPoint.COMMAND):
            refuse("forbidden")
        return ShowQueues()
    if not named:
        return ShowQueues()
    queue, _ = the_queue(named, desk)
    return ShowQueues(queue=queue.name)


COMMAND = Command(
    spec=CommandSpec(
        name="queues",
        arguments=(
            ArgumentSpec(name="queue", kind=ArgumentKind.QUEUE),
            ArgumentSpec(name="action", kind=ArgumentKind.CHOICE, choices=tuple(queue_setup.VERBS)),
            ArgumentSpec(name="details", kind=ArgumentKind.TEXT),
        ),
        in_thread=False,
    ),
    actions=(
        Action.SHOW_QUEUES,
        Action.CREATE_QUEUE,
        Action.CHANGE_QUEUE,
        Action.SET_MEMBER,
        Action.CHANGE_AGENT,
        Action.BIND_ROOM,
    ),
    parse=parse,
    aliases=("filas",),
)
