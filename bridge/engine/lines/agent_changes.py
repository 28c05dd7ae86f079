"""What agents do to lines that stand there: edit, delete, react."""

from msgspec.structs import replace

from bridge.commands.reply import Reply, classify_reply
from bridge.domain.binding import Binding
from bridge.domain.conversation import State
from bridge.domain.delivery import Mark, MarkLine, ReactLine
from bridge.domain.message import Message, thread_scope
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


def agent_edited(step: Step, event: AgentEdited) -> Accepted:
    """An agent changed his line: before it went out, in what goes out; after, on the channel.

    What the new words say is classified as a new line would be: a note, a command or a mention
    of a colleague never reaches the customer by an edit.
    """
    binding, line = _own_line(step, event)
    if binding is None or line is None or line.internal:
        return Accepted()
    if not isinstance(classify_reply(event.content.words()), Reply):
        _cannot(step, event, binding, line, "edit_internal")
        return Accepted(message=line.id)
    if event.mentions:
        _cannot(step, event, binding, line, "edit_mentions")
        return Accepted(message=line.id)
    if held.change(step, line, event.content):
        return Accepted(message=line.id)
    conversation = step.desk.conversation(line.conversation)
    if conversation is None or not conversation.open:
        _cannot(step, event, binding, line, "ended")
        return Accepted(message=line.id)
    if step.channel(conversation).capabilities.edits is Support.NONE:
        _cannot(step, event, binding, line, "edit_unsupported")
        return Accepted(message=line.id)
    name = outward.shown_name(step, conversation, line)
    place = step.channel(conversation)
    for body in parts.changed(line, event.content, place.capabilities, conversation.language, name):
        step.to_customer(conversation, body)
    step.change_message(replace(line, content=event.content, edited_at=step.now))
    return Accepted(message=line.id)


def agent_deleted(step: Step, event: AgentDeleted) -> Accepted:
    """An agent deleted his line: before it went out nothing goes out; after, on the channel."""
    binding, line = _own_line(step, event)
    if binding is None or line is None:
        return Accepted()
    step.change_message(replace(line, deleted_at=step.now))
    if line.internal or held.cancel(step, line.id):
        return Accepted(message=line.id)
    for delivery in step.desk.in_flight.get(line.id, ()):
        step.cancel(delivery)
    conversation = step.desk.conversation(line.conversation)
    if conversation is None:
        return Accepted(message=line.id)
    place = step.channel(conversation)
    if place.capabilities.deletes is Support.NONE:
        _cannot(step, event, binding, line, "delete_unsupported")
    else:
        for body in parts.gone(line, place.capabilities, conversation.language):
            step.to_customer(conversation, body)
    return Accepted(message=line.id)


def agent_reacted(step: Step, event: AgentReacted) -> Accepted:
    """The holder's reaction to a customer's line is shown to the customer."""
    binding = step.desk.binding_at(event.workspace, event.thread)
    if binding is None:
        return Accepted()
    link = step.desk.links.get((thread_scope(binding.id), event.external_id))
    line = None if link is None else step.desk.line(link.message)
    conversation = step.desk.conversation(binding.conversation)
    actor = step.desk.actor_of(event.workspace, event.user)
    if line is None or line.internal or conversation is None:
        return Accepted()
    if conversation.state is not State.ASSIGNED or conversation.agent != actor.agent:
        return Accepted()
    if step.channel(conversation).capabilities.reactions is Support.NONE:
        step.whisper(event.workspace, event.user.id, binding, "not_crossed.reaction_unsupported")
        return Accepted()
    body = ReactLine(message=line.id, emoji=event.emoji, name=actor.name, removed=event.removed)
    step.to_customer(conversation, body)
    return Accepted(message=line.id)


def _cannot(
    step: Step, event: AgentEdited | AgentDeleted, binding: Binding, line: Message, reason: str
) -> None:
    step.to_thread(binding, MarkLine(message=line.id, mark=Mark.NOT_CROSSED))
    step.whisper(event.workspace, event.user.id, binding, f"not_crossed.{reason}")
