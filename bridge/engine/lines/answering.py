"""What agents write in threads: only the holder's plain replies reach the customer."""

from typing import assert_never

from msgspec.structs import replace

from bridge.commands.authorize import Action, EntryPoint, authorize
from bridge.commands.permission import about, conversation_facts
from bridge.commands.reply import Note, Reply, Typed, Unknown, classify_reply
from bridge.domain.binding import Binding
from bridge.domain.content import Content, text_content
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import Mark, MarkLine, OfferedCommand
from bridge.domain.events import Actor, EventKind
from bridge.domain.ids import AgentId
from bridge.domain.message import Author, Message, MessageLink, thread_scope
from bridge.engine import deliveries
from bridge.engine.control import presence
from bridge.engine.lines import held, outward, window
from bridge.engine.lines.inward import post_in_thread, quote_of
from bridge.engine.step import Step
from bridge.ports.channel import Accepted
from bridge.ports.commands import CommandInvoked
from bridge.ports.workspace import AgentPosted


def agent_posted(step: Step, event: AgentPosted) -> Accepted | CommandInvoked:
    """A line in a thread; a typed command is given back to be carried out as one."""
    binding = step.desk.binding_at(event.workspace, event.thread)
    conversation = None if binding is None else step.desk.conversation(binding.conversation)
    if binding is None or conversation is None:
        return Accepted()
    actor = step.desk.actor_of(event.workspace, event.user)
    if actor.agent is not None:
        presence.seen(step, actor.agent)
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
        case Unknown(sign=sign, word=word, nearest=nearest):
            line = _keep_inside(step, event, binding, conversation, actor, event.content)
            said = {"word": f"{sign}{word}", "nearest": f"{sign}{nearest}"}
            _explain(step, event, binding, line, "unknown_command", **said)
        case Note(text=text):
            note = replace(event.content, text=text_content(text).text)
            line = _keep_inside(step, event, binding, conversation, actor, note)
            deliveries.to_thread(step, binding, MarkLine(message=line.id, mark=Mark.NOTE))
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
        holder = about(conversation, step.desk)["agent"]
        _explain(step, event, binding, line, refusal, *offers, agent=holder)
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
    if window.is_closed(step, conversation):
        return "window_closed"
    return None


def cross(step: Step, conversation: Conversation, line: Message) -> None:
    """Accept a line for the customer: now, or after the channel's `reply_hold`."""
    answered = replace(
        conversation,
        last_our_at=step.now,
        replied_at=conversation.replied_at or step.now,
        answered_at=conversation.answered_at or step.now,
        warned=False,
    )
    if conversation.answered_at is None:
        conversation = step.desk.conversations.put(answered)
    else:
        conversation = step.touch(answered)
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
        deliveries.to_thread(step, binding, MarkLine(message=line.id, mark=Mark.NOT_CROSSED))
        deliveries.whisper(step, binding, user, key)


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
    deliveries.to_thread(step, binding, MarkLine(message=line.id, mark=Mark.NOT_CROSSED))
    key = f"not_crossed.{reason}"
    deliveries.whisper(step, binding, event.user.id, key, *offers, **data)
    step.event(
        EventKind.NOT_CROSSED,
        step.desk.actor_of(event.workspace, event.user),
        conversation=line.conversation,
        cause=reason,
    )


def _button(command: str, **arguments: str) -> OfferedCommand:
    return OfferedCommand(command=command, label=f"button.{command}", arguments=arguments)
