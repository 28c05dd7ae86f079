"""Moves on what surrounds a conversation: tickets, templates, lines to send once more."""

from msgspec.structs import replace

from bridge.commands import permission
from bridge.domain.content import Content, TemplateUse
from bridge.domain.conversation import STARTED, Conversation, State
from bridge.domain.delivery import Mark, MarkLine
from bridge.domain.events import Actor, EventKind
from bridge.domain.ids import ContactId, TicketId
from bridge.domain.message import Author, Message, Receipt
from bridge.domain.moves import (
    ChangeTicket,
    OpenTicket,
    Outcome,
    RetryLine,
    SendAnyway,
    SendTemplate,
    StartConversation,
    done,
    refused,
)
from bridge.domain.template import Template
from bridge.domain.text import plain
from bridge.domain.ticket import Ticket
from bridge.engine import deliveries
from bridge.engine.control import holders
from bridge.engine.control.moves import home_queue
from bridge.engine.lines import answering, inward, outward, window
from bridge.engine.step import Step

_LONGEST = 2_000


def open_ticket(step: Step, move: OpenTicket, actor: Actor) -> Outcome:
    """Open a case for the contact; routing is not touched."""
    if actor.agent is None:
        return refused("not_an_agent")
    refusal = _bad_ticket(step, move.type, move.status, move.description)
    if refusal is not None:
        return refusal
    ticket = step.desk.ticket_table.put(
        Ticket(
            id=TicketId(step.new_id()),
            number=step.desk.next_ticket(),
            contact=move.contact,
            conversation=move.conversation,
            type=move.type,
            status=move.status,
            description=move.description,
            opened_by=actor.agent,
            opened_at=step.now,
            changed_at=step.now,
            closed=move.status in step.desk.options.closed_statuses,
        )
    )
    step.event(
        EventKind.TICKET_OPENED,
        actor,
        conversation=move.conversation,
        ticket=str(ticket.number),
        type=ticket.type,
        status=ticket.status,
    )
    _redraw_contact(step, move.contact)
    return done("ticket_opened", ticket=str(ticket.number))


def change_ticket(step: Step, move: ChangeTicket, actor: Actor) -> Outcome:
    """Change or close a case."""
    ticket = step.desk.ticket_table.get(move.ticket)
    if ticket is None:
        return refused("unknown_ticket")
    changed = replace(
        ticket,
        type=move.type or ticket.type,
        status=move.status or ticket.status,
        description=ticket.description if move.description is None else move.description,
        changed_at=step.now,
    )
    refusal = _bad_ticket(step, changed.type, changed.status, changed.description)
    if refusal is not None:
        return refusal
    closed = changed.status in step.desk.options.closed_statuses
    step.desk.ticket_table.put(replace(changed, closed=closed))
    step.event(
        EventKind.TICKET_CHANGED,
        actor,
        conversation=ticket.conversation,
        ticket=str(ticket.number),
        before=ticket.status,
        after=changed.status,
    )
    _redraw_contact(step, ticket.contact)
    code = "ticket_closed" if closed else "ticket_changed"
    return done(code, ticket=str(ticket.number), status=changed.status)


def _bad_ticket(step: Step, type_: str, status: str, description: str) -> Outcome | None:
    options = step.desk.options
    if type_ not in options.ticket_types:
        return refused("bad_type", types=", ".join(options.ticket_types))
    if status not in options.ticket_statuses:
        return refused("bad_status", statuses=", ".join(options.ticket_statuses))
    if len(description) > _LONGEST:
        return refused("too_long", limit=str(_LONGEST))
    return None


def _redraw_contact(step: Step, contact: ContactId) -> None:
    for conversation in step.desk.open_of(contact):
        step.redraw(conversation.id)
    step.hint("conversations")


def send_template(step: Step, move: SendTemplate, actor: Actor) -> Outcome:
    """Send a filled template; it may cross when free text may not."""
    conversation = step.desk.conversations[move.conversation]
    template = step.desk.template_table.get(move.template)
    if template is None:
        return refused("unknown_template")
    if not conversation.open:
        return refused("ended", number=str(conversation.number))
    missing = [name for name in template.variables() if not move.values.get(name, "").strip()]
    if missing:
        return refused("missing_params", names=", ".join(missing))
    if window.bars(step.desk, conversation, template, step.now):
        return refused("only_own_templates", template=template.name)
    _send(step, conversation, template, move.values, actor)
    return done("template_sent", template=template.name, number=str(conversation.number))


def _send(
    step: Step,
    conversation: Conversation,
    template: Template,
    values: dict[str, str],
    actor: Actor,
) -> None:
    content = Content(
        text=plain(template.fill(values)),
        template=TemplateUse(
            name=template.name,
            language=template.language,
            variables=tuple(values.get(name, "") for name in template.variables()),
        ),
    )
    line = step.message(conversation.id, Author.AGENT, actor.name, content, agent=actor.agent)
    answering.cross(step, conversation, line)
    step.event(EventKind.TEMPLATE_SENT, actor, conversation=conversation.id, template=template.name)


def start_conversation(step: Step, move: StartConversation, actor: Actor) -> Outcome:
    """Write first: a conversation with an address, held by its sender, opened by a template."""
    place = step.desk.places.channels.get(move.channel)
    agent = None if actor.agent is None else step.desk.agents.get(actor.agent)
    template = step.desk.template_table.get(move.template)
    if place is None or not place.capabilities.starts_conversations:
        return refused("channel_unsupported")
    if agent is None or template is None:
        return refused("unknown_template" if agent else "not_an_agent")
    missing = [name for name in template.variables() if not move.values.get(name, "").strip()]
    if missing:
        return refused("missing_params", names=", ".join(missing))
    known = step.desk.identity_at(move.channel, move.address)
    identity = known
    if identity is None:
        identity = inward.new_identity(step, move.channel, move.address, move.name, None)
    current = step.desk.current(identity.id)
    if current is not None and current.state is not State.BOT:
        holder = "" if current.agent is None else step.desk.agents[current.agent].name
        return refused("already_open", number=str(current.number), agent=holder)
    conversation = current or inward.open_conversation(step, identity, first=known is None)
    conversation = replace(conversation, started_by=agent.id, queue=home_queue(step, agent))
    conversation = holders.assign(step, conversation, agent, actor, STARTED)
    _send(step, conversation, template, move.values, actor)
    return done("started", number=str(conversation.number), customer=identity.name)


def send_anyway(step: Step, move: SendAnyway, actor: Actor) -> Outcome:
    """Let a line cross that was kept back for a mention."""
    line = step.desk.line(move.message)
    conversation = None if line is None else step.desk.conversation(line.conversation)
    if line is None or conversation is None or not line.internal or line.deleted_at:
        return refused("nothing_to_send")
    if conversation.state is not State.ASSIGNED:
        return permission.refusal("nobody_holds", conversation, step.desk)
    if conversation.agent != actor.agent:
        return permission.refusal("not_holder", conversation, step.desk)
    line = replace(line, internal=False)
    step.change_message(line)
    answering.cross(step, conversation, line)
    _mark(step, line, Mark.NOT_CROSSED)
    return done("sent_anyway")


def retry_line(step: Step, move: RetryLine, actor: Actor) -> Outcome:
    """Call the platform again for what failed or is unknown, at the end of the line."""
    line = step.desk.line(move.message)
    conversation = None if line is None else step.desk.conversation(line.conversation)
    if line is None or conversation is None or not conversation.open:
        return refused("nothing_to_send")
    if line.receipt not in (Receipt.FAILED, Receipt.UNKNOWN):
        return done("already_sent")
    mark = Mark.FAILED if line.receipt is Receipt.FAILED else Mark.UNKNOWN
    line = replace(line, receipt=Receipt.NONE, receipt_reason="")
    step.change_message(line)
    _mark(step, line, mark)
    outward.send(step, conversation, line)
    step.event(EventKind.DELIVERY_RETRIED, actor, conversation=conversation.id)
    step.redraw(conversation.id)
    return done("retried")


def _mark(step: Step, line: Message, mark: Mark) -> None:
    binding = step.desk.work_binding(line.conversation)
    if binding is not None:
        deliveries.to_thread(step, binding, MarkLine(message=line.id, mark=mark, removed=True))
