"""What agents write in threads: only the holder's plain replies reach the customer."""

from typing import assert_never

from msgspec.structs import replace

from bridge.commands.authorize import Action, EntryPoint, authorize
from bridge.commands.permission import conversation_facts
from bridge.commands.reply import Note, Reply, Typed, Unknown, classify_reply
from bridge.domain.binding import Binding
from bridge.domain.content import Content, text_content
from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import DeleteLine, EditLine, Mark, MarkLine, OfferedCommand, ReactLine
from bridge.domain.events import Actor, EventKind
from bridge.domain.ids import AgentId
from bridge.domain.message import Author, Message, MessageLink, thread_scope
from bridge.engine.lines import held, outward
from bridge.engine.lines.inward import post_in_thread, quote_of
from bridge.engine.step import Step, with_seen
from bridge.ports.channel import Accepted
from bridge.ports.commands import CommandInvoked
from bridge.ports.workspace import AgentDeleted, AgentEdited, AgentPosted, AgentReacted


def agent_posted(step: Step, event: AgentPosted) -> Accepted | CommandInvoked:
    """A line in a thread; a typed command is given back to be carried out as one."""
    binding = step.desk.binding_at(event.workspace, event.thread)
    conversation = None if binding is None else step.desk.conversation(binding.conversation)
    if binding is None or conversation is None:
        return Accepted()
    actor = step.desk.actor_of(event.workspace, event.user)
    if actor.agent is not None:
        with_seen(step, actor.agent)
    match classify_reply(event.content.words()):
        case Typed(command=command, rest=rest):
            return CommandInvoked(
                workspace=event.workspace,
                source=(),
                user=event.user,
                command=command,
                text=rest,
                thread=event.thread,
            )
        case Unknown(word=word, nearest=nearest):
            line = _keep_inside(step, event, binding, conversation, actor, event.content)
            _explain(step, event, binding, line, "unknown_command", word=word, nearest=nearest)
        case Note(text=text):
            note = replace(event.content, text=text_content(text).text)
            line = _keep_inside(step, event, binding, conversation, actor, note)
            step.to_thread(binding, MarkLine(message=line.id, mark=Mark.NOTE))
            step.event(EventKind.NOTE_ADDED, actor, conversation=conversation.id)
        case Reply():
            line = _reply(step, event, binding, conversation, actor)
        case never:
            assert_never(never)
    return Accepted(message=line.id)


def _reply(
    step: Step, event: AgentPosted, binding: Binding, conversation: Conversation, actor: Actor
) -> Message:
    refusal = _why_not(step, event, binding, conversation, actor)
    if refusal is not None:
        line = _keep_inside(step, event, binding, conversation, actor, event.content)
        offers: tuple[OfferedCommand, ...] = ()
        if refusal == "mentions":
            offers = (_button("send-anyway", message=str(line.id)),)
        elif refusal == "window_closed":
            offers = (_button("template"),)
        _explain(step, event, binding, line, refusal, *offers)
        return line
    line = step.message(
        conversation.id,
        Author.AGENT,
        actor.name,
        _quoting(step, event, binding),
        agent=actor.agent,
    )
    _link(step, event, binding, line)
    cross(step, conversation, line)
    return line


def _why_not(
    step: Step, event: AgentPosted, binding: Binding, conversation: Conversation, actor: Actor
) -> str | None:
    """Why a plain message does not reach the customer; None: it does."""
    facts = conversation_facts(actor, conversation, step.desk)
    decision = authorize(actor, Action.REPLY, facts, via=EntryPoint.MESSAGE)
    if not decision.allowed:
        return decision.code
    if binding.closed_at is not None:
        return "ended"
    if event.mentions:
        return "mentions"
    if window_closed(step, conversation):
        return "window_closed"
    return None


def window_closed(step: Step, conversation: Conversation) -> bool:
    """True when the channel takes no free text any more."""
    window = step.channel(conversation).capabilities.reply_window
    if window is None:
        return False
    last = conversation.last_customer_at
    return last is None or step.now - last >= window


def cross(step: Step, conversation: Conversation, line: Message) -> None:
    """Accept a line for the customer: now, or after the channel's `reply_hold`."""
    conversation = step.touch(
        replace(
            conversation,
            last_our_at=step.now,
            replied_at=conversation.replied_at or step.now,
            warned=False,
        )
    )
    _reset_missed(step, line.agent)
    hold = step.channel(conversation).reply_hold
    if hold:
        held.keep(step, conversation, line, hold)
    else:
        lost = outward.send(step, conversation, line)
        tell_lost(step, line, lost)
    _mirror_elsewhere(step, conversation, line)


def tell_lost(step: Step, line: Message, lost: tuple[str, ...]) -> None:
    """Say what of a line the customer's side cannot show."""
    binding = step.desk.work_binding(line.conversation)
    user = (
        None
        if binding is None or line.agent is None
        else step.desk.user_in(line.agent, binding.workspace)
    )
    if binding is None or user is None:
        return
    for key in lost:
        step.to_thread(binding, MarkLine(message=line.id, mark=Mark.NOT_CROSSED))
        step.whisper(binding.workspace, user, binding, key)


def _mirror_elsewhere(step: Step, conversation: Conversation, line: Message) -> None:
    """Threads that only watch get the agents' lines too; his own has it already."""
    linked = {link.scope for link in step.desk.links.values() if link.message == line.id}
    for binding in step.desk.open_bindings(conversation.id):
        if binding.mirrors and thread_scope(binding.id) not in linked:
            post_in_thread(step, conversation, binding, line)


def _reset_missed(step: Step, agent_id: AgentId | None) -> None:
    agent = None if agent_id is None else step.desk.agents.get(agent_id)
    if agent is not None and agent.missed:
        step.desk.agents.put(replace(agent, missed=0))


def _keep_inside(
    step: Step,
    event: AgentPosted,
    binding: Binding,
    conversation: Conversation,
    actor: Actor,
    content: Content,
) -> Message:
    """Keep a line that does not cross."""
    line = step.message(
        conversation.id,
        Author.AGENT,
        actor.name,
        content,
        agent=actor.agent,
        internal=True,
    )
    _link(step, event, binding, line)
    return line


def _link(step: Step, event: AgentPosted, binding: Binding, line: Message) -> None:
    step.link(
        MessageLink(
            message=line.id,
            conversation=line.conversation,
            scope=thread_scope(binding.id),
            external_id=event.external_id,
        )
    )


def _quoting(step: Step, event: AgentPosted, binding: Binding) -> Content:
    if event.quoted is None:
        return event.content
    link = step.desk.links.get((thread_scope(binding.id), event.quoted))
    quoted = None if link is None else step.desk.line(link.message)
    return event.content if quoted is None else replace(event.content, quote=quote_of(quoted))


def _explain(
    step: Step,
    event: AgentPosted,
    binding: Binding,
    line: Message,
    reason: str,
    *offers: OfferedCommand,
    **data: str,
) -> None:
    """A durable mark on the line, and a private sentence to its writer."""
    step.to_thread(binding, MarkLine(message=line.id, mark=Mark.NOT_CROSSED))
    step.whisper(event.workspace, event.user.id, binding, f"not_crossed.{reason}", *offers, **data)
    step.event(
        EventKind.NOT_CROSSED,
        step.desk.actor_of(event.workspace, event.user),
        conversation=line.conversation,
        cause=reason,
    )


def _button(command: str, **arguments: str) -> OfferedCommand:
    return OfferedCommand(command=command, label=f"button.{command}", arguments=arguments)


# --- changes to lines ---------------------------------------------------------------------------


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

    What the new words say is classified as a new line would be: a note or a command never
    reaches the customer by an edit.
    """
    binding, line = _own_line(step, event)
    if binding is None or line is None or line.internal:
        return Accepted()
    if not isinstance(classify_reply(event.content.words()), Reply):
        _cannot(step, event, binding, line, "edit_internal")
        return Accepted(message=line.id)
    if held.change(step, line, event.content):
        return Accepted(message=line.id)
    conversation = step.desk.conversation(line.conversation)
    if conversation is None or not conversation.open:
        _cannot(step, event, binding, line, "ended")
        return Accepted(message=line.id)
    if step.channel(conversation).capabilities.edits.value == "none":
        _cannot(step, event, binding, line, "edit_unsupported")
        return Accepted(message=line.id)
    step.change_message(replace(line, content=event.content, edited_at=step.now))
    body = EditLine(
        message=line.id,
        content=event.content,
        author=Author.AGENT,
        name=outward.shown_name(step, conversation, line),
    )
    step.to_customer(conversation, body)
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
    if step.channel(conversation).capabilities.deletes.value == "none":
        _cannot(step, event, binding, line, "delete_unsupported")
    else:
        step.to_customer(conversation, DeleteLine(message=line.id))
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
    if step.channel(conversation).capabilities.reactions.value == "none":
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
