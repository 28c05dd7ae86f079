"""Somebody of ours answered outside of every workspace: the bot is silent from now on.

The telephone is a holder like any other, but nobody is sent to it: an agent takes the conversation
from it as one that waits, and half an hour of silence gives it back to the bot.
"""

from msgspec.structs import replace

from bridge.domain.agent import PHONE, Agent
from bridge.domain.content import Content
from bridge.domain.conversation import Conversation, State
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import AgentId
from bridge.domain.message import Author, Message, MessageLink, channel_scope
from bridge.engine.control import holders
from bridge.engine.lines import names
from bridge.engine.lines.inward import mirror, new_identity, open_conversation
from bridge.engine.step import Step
from bridge.locales import say
from bridge.ports.channel import Accepted, HumanEchoed


def human_echoed(step: Step, event: HumanEchoed) -> Accepted:
    """Keep the line, show it in the thread, and let nobody but people answer from now on."""
    every = (event.address, *event.also)
    known = names.find(step.desk, event.channel, every, event.certain)
    if known is None and event.certain is not None:
        names.make_room(step, event.channel, every)
    identity = known or new_identity(step, event.channel, event.address, "", None)
    identity = names.meet(step, identity, every, event.certain)
    conversation = step.desk.current(identity.id) or open_conversation(
        step, identity, first=known is None
    )
    phone = _phone(step)
    if conversation.state is not State.ASSIGNED:
        conversation = _give_to(step, conversation, phone)
    line = _keep(step, event, conversation, phone, event.content)
    mirror(step, conversation, line)
    return Accepted(message=line.id)


def _phone(step: Step) -> Agent:
    """The reserved holder; he is made when he is needed first."""
    for agent in step.desk.agents:
        if agent.reserved:
            return agent
    name = say(step.desk.options.language, "thread.phone")
    return step.desk.agents.put(
        Agent(id=AgentId(step.new_id()), handle=PHONE, name=name, active=False, capacity=0)
    )


def _give_to(step: Step, conversation: Conversation, phone: Agent) -> Conversation:
    queue = step.desk.default_queue()
    if conversation.queue is None and queue is not None:
        conversation = replace(conversation, queue=queue.id)
    actor = Actor(kind=ActorKind.AGENT, name=phone.name, agent=phone.id)
    return holders.assign(step, conversation, phone, actor, "echo")


def _keep(
    step: Step, event: HumanEchoed, conversation: Conversation, phone: Agent, content: Content
) -> Message:
    line = step.message(conversation.id, Author.AGENT, phone.name, content, agent=phone.id)
    step.link(
        MessageLink(
            message=line.id,
            conversation=conversation.id,
            scope=channel_scope(event.channel),
            external_id=event.external_id,
        )
    )
    step.desk.conversations.put(
        replace(
            step.desk.conversations[conversation.id],
            last_our_at=step.now,
            replied_at=conversation.replied_at or step.now,
            answered_at=conversation.answered_at or step.now,
            warned=False,
        )
    )
    return line
