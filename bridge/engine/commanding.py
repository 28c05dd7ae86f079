"""A command from any surface: understood, allowed, carried out, answered in its caller's words."""

from bridge.commands.answers import word
from bridge.commands.request import Request, named_number
from bridge.commands.understand import understand
from bridge.domain.conversation import Conversation
from bridge.domain.events import Actor
from bridge.domain.ids import Instant, Language
from bridge.domain.moves import Outcome, StartConversation
from bridge.domain.value import Value
from bridge.engine import deliveries
from bridge.engine.control import presence
from bridge.engine.performing import perform
from bridge.engine.state.desk import Desk
from bridge.engine.step import Question, Step
from bridge.ports.commands import Answer, CommandInvoked
from bridge.ports.queries import Query
from bridge.ports.workspace import AgentPosted


class Asked(Value):
    """The command only wants to be shown something: whoever asked reads it himself."""

    query: Query
    actor: Actor
    language: Language


def request_of(desk: Desk, event: CommandInvoked, now: Instant) -> Request:
    """Who asks, about which conversation, in which words."""
    actor = desk.actor_of(event.workspace, event.user)
    agent = None if actor.agent is None else desk.agent(actor.agent)
    return Request(
        actor=actor,
        now=now,
        language=desk.options.language if agent is None else agent.language,
        text=event.text,
        arguments=event.arguments,
        conversation=_conversation(desk, event),
        workspace=event.workspace,
        room=event.room,
        confirmed=event.confirmed,
    )


def _conversation(desk: Desk, event: CommandInvoked) -> Conversation | None:
    number = named_number(event)
    if number is not None:
        return desk.conversation_by_number(number)
    if event.thread is None:
        return None
    binding = desk.binding_at(event.workspace, event.thread)
    return None if binding is None else desk.conversation(binding.conversation)


def starts(desk: Desk, event: CommandInvoked) -> StartConversation | None:
    """The conversation that this command would begin, to know beforehand with whom."""
    if event.command != "template":
        return None
    confirmed = CommandInvoked(
        workspace=event.workspace,
        source=event.source,
        user=event.user,
        command=event.command,
        text=event.text,
        arguments=event.arguments,
        confirmed=True,
    )
    wanted = understand(event.command, request_of(desk, confirmed, Instant(0)), desk)
    return wanted if isinstance(wanted, StartConversation) else None


def invoked(step: Step, event: CommandInvoked) -> Answer | Asked:
    """Carry out a command."""
    request = request_of(step.desk, event, step.now)
    if request.actor.agent is not None:
        presence.seen(step, request.actor.agent)
    wanted = understand(event.command, request, step.desk)
    form = bool(event.arguments) and not event.text.strip()
    if isinstance(wanted, Outcome):
        return word(wanted, request.language, form=form)
    if isinstance(wanted, Query):
        return Asked(query=wanted, actor=request.actor, language=request.language)
    return word(perform(step, wanted, request.actor), request.language, form=form)


def typed(step: Step, posted: AgentPosted, event: CommandInvoked) -> None:
    """A command typed as a line: its answer is whispered to its writer."""
    answer = invoked(step, event)
    binding = step.desk.binding_at(posted.workspace, posted.thread)
    if binding is None:
        return
    if isinstance(answer, Asked):
        step.effects.questions.append(
            Question(
                query=answer.query,
                actor=answer.actor,
                workspace=posted.workspace,
                user=posted.user.id,
                thread=posted.thread,
            )
        )
    else:
        deliveries.whisper_text(step, binding, posted.user.id, answer.text, answer.offers)
