"""Lines on their way to the customer: fitted to the channel, promised part by part."""

from bridge.domain.content import Content
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import PostLine
from bridge.domain.events import SYSTEM
from bridge.domain.ids import AgentId
from bridge.domain.message import Author, Message
from bridge.domain.queue import NamePolicy
from bridge.domain.text import plain
from bridge.engine import deliveries
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step
from bridge.locales import say
from bridge.ports.fit import fit


def send(step: Step, conversation: Conversation, message: Message) -> tuple[str, ...]:
    """Promise every part of a line; gives the catalogue keys of what cannot cross."""
    place = step.channel(conversation)
    fitted = fit(message.content, place.capabilities, conversation.language)
    name = shown_name(step, conversation, message)
    for number, part in enumerate(fitted.parts):
        delivery = deliveries.to_customer(
            step,
            conversation,
            PostLine(
                message=message.id,
                content=part,
                author=message.author,
                name=name,
                part=number,
                quoted=None if part.quote is None else part.quote.message,
            ),
        )
        step.desk.took_off(message, delivery.id)
    return fitted.lost


def bot_line(step: Step, conversation: Conversation, content: Content) -> Message:
    """Keep and send one line of the bot."""
    message = step.message(conversation.id, Author.BOT, step.desk.options.brand, content)
    send(step, conversation, message)
    return message


def system_line(step: Step, conversation: Conversation, key: str, **data: str) -> Message:
    """Keep and send one line of ours to the customer, in his language."""
    content = Content(text=plain(say(conversation.language, key, **data)))
    message = step.message(conversation.id, Author.SYSTEM, SYSTEM.name, content)
    send(step, conversation, message)
    return message


def shown_name(step: Step, conversation: Conversation, message: Message) -> str:
    """What the customer sees as the writer's name."""
    if message.agent is None:
        return step.desk.options.brand
    return name_for_customers(step.desk, conversation, message.agent)


def name_for_customers(desk: Desk, conversation: Conversation, agent_id: AgentId) -> str:
    """An agent's name by the policy of the conversation's queue."""
    agent = desk.agents.get(agent_id)
    queue = None if conversation.queue is None else desk.queues.get(conversation.queue)
    policy = NamePolicy.NAME if queue is None else queue.names
    if agent is None or policy is NamePolicy.BRAND:
        return desk.options.brand
    if policy is NamePolicy.ALIAS and agent.alias:
        return agent.alias
    return agent.name
