"""What a command still needs before it can run, judged by what was pressed; pure."""

from collections.abc import Mapping
from enum import Enum, auto

from bridge.adapters.common.filters import read_filter
from bridge.adapters.common.forms import BOARDS, NEW, SPANS, asks_for_more, number_in
from bridge.adapters.workspaces.discord.custom_ids import FORM, PAGE, Pressed
from bridge.domain.ids import Instant
from bridge.ports.commands import CommandSpec
from bridge.ports.queries import ConversationFilter


class Wanted(Enum):
    """What comes next."""

    RUN = auto()
    BOARD = auto()
    FORM = auto()
    CONVERSATION = auto()
    LEVEL = auto()
    TICKET = auto()
    TEMPLATE = auto()


def wanted(pressed: Pressed, spec: CommandSpec, *, typed: bool = False) -> Wanted:
    """What comes next for this; `typed` says that its options stood beside it and were left out."""
    given = pressed.arguments
    if spec.in_thread and pressed.number is None and not given.get("address"):
        return Wanted.RUN if given.get("conversation") else Wanted.CONVERSATION
    if pressed.kind == FORM:
        return Wanted.FORM
    if pressed.kind == PAGE or (pressed.command in BOARDS and not given.get("action")):
        return Wanted.BOARD
    if not asks_for_more(pressed.command, given):
        return Wanted.RUN
    return _more(pressed, typed)


def _more(pressed: Pressed, typed: bool) -> Wanted:
    given = pressed.arguments
    match pressed.command:
        case "return-to-bot":
            return Wanted.RUN if typed else Wanted.FORM
        case "priority":
            return Wanted.LEVEL
        case "template":
            return Wanted.TEMPLATE
        case "ticket":
            return _ticket(given)
        case _:
            return Wanted.FORM


def _ticket(given: Mapping[str, str]) -> Wanted:
    """What says it all is done; a form asks for what is missing; without a word, the list."""
    if given.get("action") == "new" or given.get("ticket") == NEW:
        return Wanted.RUN if given.get("description") and "action" in given else Wanted.FORM
    if given.get("ticket"):
        said = any(given.get(name) for name in ("type", "status", "description"))
        return Wanted.RUN if said else Wanted.FORM
    if given.get("action"):
        return Wanted.RUN
    return Wanted.FORM if given.get("description") else Wanted.TICKET


def read_options(command: str, options: Mapping[str, str]) -> dict[str, str]:
    """The options of a slash command in the command's own words."""
    named = options.get("conversation", "")
    given = {name: value for name, value in options.items() if value and name != "conversation"}
    if command == "queues" and given.get("action") and given.get("queue"):
        details = f"{given.pop('queue')} {given.get('details', '')}"
        return given | {"details": details.strip()}
    if command == "ticket":
        return _of_ticket(given)
    if named and number_in(named) is None:
        return given | {"conversation": named}
    return given


def _of_ticket(given: dict[str, str]) -> dict[str, str]:
    """The list is shown with its buttons; what is said of a ticket changes it."""
    if given.get("action") == "list":
        return {}
    if "action" not in given and given.get("ticket") and len(given) > 1:
        return given | {"action": "edit"}
    return given


def filter_of(arguments: Mapping[str, str], now: Instant) -> ConversationFilter | None:
    """The filter of a list; None where only the command itself can read it."""
    since = arguments.get("since", "")
    if since and since not in SPANS:
        return None
    return read_filter(arguments, now)
