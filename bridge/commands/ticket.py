"""`/ticket`: a contact's cases: list, open, change, close."""

from msgspec.structs import replace

from bridge.commands.authorize import Action
from bridge.commands.command import CONVERSATION, Command, Wanted, button, refuse
from bridge.commands.desk import DeskView, OptionsView
from bridge.commands.grammar import (
    bare,
    chosen,
    conversation_and_rest,
    first_word,
    me,
)
from bridge.commands.request import Request
from bridge.domain.conversation import Conversation
from bridge.domain.moves import ChangeTicket, OpenTicket
from bridge.domain.ticket import Ticket
from bridge.domain.value import Value
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec
from bridge.ports.queries import ShowTickets

VERBS = {
    "list": ("listar", "lista"),
    "new": ("novo", "nova", "abrir", "open"),
    "edit": ("editar", "status", "alterar"),
    "close": ("fechar", "encerrar"),
}
MAX_DESCRIPTION = 2_000
_MOST_BUTTONS = 5


class Fields(Value):
    """What the words say of a ticket; None where they say nothing."""

    type: str | None
    status: str | None
    description: str


def parse(request: Request, desk: DeskView) -> Wanted:
    """The verb first; without one the list, or a new ticket when only a form speaks."""
    me(request)
    conversation, rest = conversation_and_rest(request, desk)
    word, after = first_word(rest)
    action = request.arguments.get("action", "").strip()
    verb = chosen(action or word or "list", VERBS)
    if verb is None:
        refuse("bad_ticket_verb", word=action or word)
    text = rest if action else after
    match verb:
        case "new":
            return _new(conversation, _fields(text, request, desk), desk)
        case "edit":
            return _edit(conversation, text, request, desk)
        case "close":
            return _close(conversation, text, request, desk)
        case _:
            return ShowTickets(number=conversation.number)


def _new(conversation: Conversation, fields: Fields, desk: DeskView) -> Wanted:
    if not fields.description:
        refuse("missing_description", types=", ".join(desk.options.ticket_types))
    return OpenTicket(
        contact=conversation.contact,
        conversation=conversation.id,
        type=fields.type or desk.options.ticket_types[0],
        status=fields.status or desk.options.ticket_statuses[0],
        description=fields.description,
    )


def _edit(conversation: Conversation, text: str, request: Request, desk: DeskView) -> Wanted:
    ticket, rest = _ticket(conversation, text, request, desk, verb="edit")
    fields = _fields(rest, request, desk)
    if fields == Fields(type=None, status=None, description=""):
        refuse(
            "nothing_to_change",
            ticket=str(ticket.number),
            statuses=", ".join(desk.options.ticket_statuses),
        )
    return ChangeTicket(
        ticket=ticket.id,
        conversation=conversation.id,
        type=fields.type,
        status=fields.status,
        description=fields.description or None,
    )


def _close(conversation: Conversation, text: str, request: Request, desk: DeskView) -> Wanted:
    ticket, rest = _ticket(conversation, text, request, desk, verb="close")
    if rest:
        refuse("unexpected_words", words=rest, example="/ticket close T7")
    statuses = desk.options.ticket_statuses
    closed = next((each for each in statuses if each in desk.options.closed_statuses), statuses[-1])
    return ChangeTicket(ticket=ticket.id, conversation=conversation.id, status=closed)


def _ticket(
    conversation: Conversation, text: str, request: Request, desk: DeskView, *, verb: str
) -> tuple[Ticket, str]:
    """The contact's ticket that is named, or his only open one, and the rest of the text."""
    tickets = tuple(desk.tickets(conversation.contact))
    named = request.arguments.get("ticket", "").strip()
    word, after = first_word(text)
    number = _number(named or word)
    if number is None and not named:
        return _only_open(conversation, tickets, closing=verb == "close"), text
    found = next((ticket for ticket in tickets if ticket.number == number), None)
    if found is None:
        refuse("unknown_ticket")
    return found, text if named else after


def _only_open(conversation: Conversation, tickets: tuple[Ticket, ...], *, closing: bool) -> Ticket:
    still_open = [ticket for ticket in tickets if not ticket.closed]
    if not still_open:
        refuse("no_open_ticket")
    if len(still_open) == 1:
        return still_open[0]
    offers = [
        button(
            "ticket",
            "ticket_close",
            conversation=str(conversation.number),
            action="close",
            ticket=str(ticket.number),
        )
        for ticket in still_open[:_MOST_BUTTONS]
    ]
    numbers = ", ".join(ticket.name for ticket in still_open)
    return refuse("which_ticket", *(offers if closing else ()), tickets=numbers)


def _number(word: str) -> int | None:
    """A ticket's number: `7` or `T7`. `#` is always a conversation's."""
    digits = word.upper().removeprefix("T")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _fields(text: str, request: Request, desk: DeskView) -> Fields:
    """A form's fields, else the type and status that the text begins with, in any order."""
    types, statuses = desk.options.ticket_types, desk.options.ticket_statuses
    type_ = _one_of(request.arguments.get("type", ""), types)
    if type_ is None and request.arguments.get("type"):
        refuse("bad_type", types=", ".join(types))
    status = _one_of(request.arguments.get("status", ""), statuses)
    if status is None and request.arguments.get("status"):
        refuse("bad_status", statuses=", ".join(statuses))
    rest = text
    while True:
        found, shorter = (None, rest) if type_ else _beginning(rest, types)
        if found:
            type_, rest = found, shorter
            continue
        found, shorter = (None, rest) if status else _beginning(rest, statuses)
        if not found:
            break
        status, rest = found, shorter
    description = request.arguments.get("description", "").strip() or rest.strip()
    if len(description) > MAX_DESCRIPTION:
        refuse("too_long", limit=str(MAX_DESCRIPTION))
    return Fields(type=type_, status=status, description=description)


def _one_of(word: str, choices: tuple[str, ...]) -> str | None:
    """The configured word that a form chose."""
    return next((choice for choice in choices if bare(choice) == bare(word)), None)


def _beginning(text: str, choices: tuple[str, ...]) -> tuple[str | None, str]:
    """The configured word (it may be several) that the text begins with, and the rest."""
    spoken = text.split()
    for choice in sorted(choices, key=len, reverse=True):
        parts = bare(choice).split()
        if [bare(word).rstrip(":,") for word in spoken[: len(parts)]] == parts:
            return choice, "".join(text.split(maxsplit=len(parts))[len(parts) :])
    return None, text


def configured(spec: CommandSpec, options: OptionsView) -> CommandSpec:
    """The declaration with the desk's own types and statuses to choose from."""
    if spec.name != COMMAND.name:
        return spec
    words = {"type": options.ticket_types, "status": options.ticket_statuses}
    arguments = tuple(
        replace(argument, kind=ArgumentKind.CHOICE, choices=words[argument.name])
        if argument.name in words
        else argument
        for argument in spec.arguments
    )
    return replace(spec, arguments=arguments)


COMMAND = Command(
    spec=CommandSpec(
        name="ticket",
        arguments=(
            CONVERSATION,
            ArgumentSpec(name="action", kind=ArgumentKind.CHOICE, choices=tuple(VERBS)),
            ArgumentSpec(name="ticket", kind=ArgumentKind.TICKET),
            ArgumentSpec(name="type", kind=ArgumentKind.WORD),
            ArgumentSpec(name="status", kind=ArgumentKind.WORD),
            ArgumentSpec(name="description", kind=ArgumentKind.TEXT),
        ),
    ),
    actions=(Action.SHOW_TICKETS, Action.CHANGE_TICKETS),
    parse=parse,
    aliases=("chamado", "chamados", "tickets"),
)
