"""What agents do to lines that stand there: edit, delete, react.

Whatever of it the customer would see asks `authorize` as a new line does: a line that somebody
wrote while he was in control is not his to change after that.
"""

from msgspec.structs import replace

from bridge.commands.authorize import Action, EntryPoint, authorize
from bridge.commands.permission import conversation_facts
from bridge.commands.reply import Reply, classify_reply
from bridge.domain.binding import Binding
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import Mark, MarkLine, ReactLine
from bridge.domain.events import Actor
from bridge.domain.message import Message, thread_scope
from bridge.engine import deliveries
from bridge.engine.lines import held, outward, parts
from bridge.engine.step import Step
from bridge.ports.capabilities import Support
from bridge.ports.channel import Accepted
from bridge.ports.workspace import AgentDeleted, AgentEdited, AgentReacted


def _own_line(
    step: Step, event: AgentEdited | AgentDeleted
) -> tuple[Binding, Message] | tuple[None, None]:
    """The writer's own line in this thread; somebody else's is none of his."""
    binding = step.desk.binding_at(event.workspace, event.thread)
    if binding is None:
        return None, None
    link = step.desk.links.get((thread_scope(binding.id), event.external_id))
    line = None if link is None else step.desk.line(link.message)
    actor = step.desk.actor_of(event.workspace, event.user)
    if line is None or line.agent is None or line.agent != actor.agent or line.deleted_at:
        return None, None
    return binding, line


def _may(step: Step, actor: Actor, action: Action, line: Message) -> Conversation | None:
    """The conversation of a line that this actor may change or react to now; else None."""
    conversation = step.desk.conversation(line.conversation)
    if conversation is None:
        return None
    facts = conversation_facts(actor, conversation, step.desk, writer=line.agent)
    decision = authorize(actor, action, facts, via=EntryPoint.MESSAGE)
    return conversation if decision.allowed else None


def agent_edited(step: Step, event: AgentEdited) -> Accepted:
    """An agent changed his line: before it went out, in what goes out; after, on the channel.

    What the new words say is classified as a new line would be: a note, a command or a mention
    of a colleague never reaches the customer by an edit.
    """
    binding, line = _own_line(step, event)
    if binding is None or line is None or line.internal:
        return Accepted()
    actor = step.desk.actor_of(event.workspace, event.user)
    conversation = _may(step, actor, Action.CHANGE_LINE, line)
    if conversation is None:
        _cannot(step, event, binding, line, "edit_refused")
    elif not isinstance(classify_reply(event.content.words()), Reply):
        _cannot(step, event, binding, line, "edit_internal")
    elif event.mentions:
        _cannot(step, event, binding, line, "edit_mentions")
    elif held.change(step, line, event.content):
        pass
    elif step.channel(conversation).capabilities.edits is Support.NONE:
        _cannot(step, event, binding, line, "edit_unsupported")
    else:
        _edit(step, event, conversation, line)
    return Accepted(message=line.id)


def _edit(step: Step, event: AgentEdited, conversation: Conversation, line: Message) -> None:
    name = outward.shown_name(step, conversation, line)
    capabilities = step.channel(conversation).capabilities
    for body in parts.changed(line, event.content, capabilities, conversation.language, name):
        deliveries.to_customer(step, conversation, body)
    step.change_message(replace(line, content=event.content, edited_at=step.now))


def agent_deleted(step: Step, event: AgentDeleted) -> Accepted:
    """An agent deleted his line: before it went out nothing goes out; after, on the channel.

    A line that he may not take back any more stays in the desk's record, as the customer has it.
    """
    binding, line = _own_line(step, event)
    if binding is None or line is None:
        return Accepted()
    if line.internal:
        step.change_message(replace(line, deleted_at=step.now))
        return Accepted(message=line.id)
    actor = step.desk.actor_of(event.workspace, event.user)
    conversation = _may(step, actor, Action.CHANGE_LINE, line)
    if conversation is None:
        _cannot(step, event, binding, line, "delete_refused")
    else:
        _delete(step, event, binding, conversation, line)
    return Accepted(message=line.id)


def _delete(
    step: Step, event: AgentDeleted, binding: Binding, conversation: Conversation, line: Message
) -> None:
    step.change_message(replace(line, deleted_at=step.now))
    if held.cancel(step, line.id):
        return
    for delivery in step.desk.in_flight.get(line.id, ()):
        step.cancel(delivery)
    capabilities = step.channel(conversation).capabilities
    if capabilities.deletes is Support.NONE:
        _cannot(step, event, binding, line, "delete_unsupported")
        return
    for body in parts.gone(line, capabilities, conversation.language):
        deliveries.to_customer(step, conversation, body)


def agent_reacted(step: Step, event: AgentReacted) -> Accepted:
    """The holder's reaction to a line is shown to the customer; anybody else's stays inside."""
    binding = step.desk.binding_at(event.workspace, event.thread)
    if binding is None:
        return Accepted()
    link = step.desk.links.get((thread_scope(binding.id), event.external_id))
    line = None if link is None else step.desk.line(link.message)
    if line is None or line.internal:
        return Accepted()
    actor = step.desk.actor_of(event.workspace, event.user)
    conversation = _may(step, actor, Action.REACT, line)
    if conversation is None:
        if not event.removed:  # one that never crossed is taken away
            deliveries.whisper(step, binding, event.user.id, "not_crossed.reaction_refused")
        return Accepted()
    if step.channel(conversation).capabilities.reactions is Support.NONE:
        deliveries.whisper(step, binding, event.user.id, "not_crossed.reaction_unsupported")
        return Accepted()
    body = ReactLine(message=line.id, emoji=event.emoji, name=actor.name, removed=event.removed)
    deliveries.to_customer(step, conversation, body)
    return Accepted(message=line.id)


def _cannot(
    step: Step, event: AgentEdited | AgentDeleted, binding: Binding, line: Message, reason: str
) -> None:
    deliveries.to_thread(step, binding, MarkLine(message=line.id, mark=Mark.NOT_CROSSED))
    deliveries.whisper(step, binding, event.user.id, f"not_crossed.{reason}")
