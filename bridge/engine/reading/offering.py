"""What one person is offered: the buttons of a card and the commands that he may use."""

from collections.abc import Mapping

from bridge.commands import permission
from bridge.commands.authorize import Action, EntryPoint, admits, authorize
from bridge.commands.registry import COMMANDS
from bridge.domain.binding import Binding, Purpose
from bridge.domain.card import CardAction
from bridge.domain.conversation import Conversation, State
from bridge.domain.events import Actor
from bridge.domain.ids import AgentId
from bridge.domain.queue import Strategy
from bridge.engine.control import offers
from bridge.engine.reading.cards import actions
from bridge.engine.state.desk import Desk

RIGHTS: Mapping[str, Action] = {
    "take": Action.TAKE,
    "decline": Action.DECLINE_OFFER,
    "transfer": Action.TRANSFER,
    "priority": Action.SET_PRIORITY,
    "ticket": Action.CHANGE_TICKETS,
    "template": Action.SEND_TEMPLATE,
    "return-to-bot": Action.RETURN_TO_BOT,
    "watch": Action.WATCH,
    "events": Action.SHOW_EVENTS,
}
"""The right that each button of a card needs."""


def offered(
    actor: Actor, conversation: Conversation, binding: Binding, desk: Desk
) -> tuple[CardAction, ...]:
    """The buttons that this person may press; whoever is not in control is offered control first.

    Whether he may is asked again when he does.
    """
    facts = permission.conversation_facts(actor, conversation, desk)
    others = conversation.state is State.ASSIGNED and conversation.agent != actor.agent
    offer = offers.standing(desk, conversation)
    buttons = actions(conversation, binding, offer)
    if offer is not None and offer.agent != actor.agent:  # who may, takes it from under the offer
        buttons = (CardAction(command="take", label="button.take_over"), *buttons[1:])
    if others and binding.purpose is not Purpose.MONITOR and binding.closed_at is None:
        take = CardAction(command="take", primary=True, label="button.take_over")
        buttons = (take, *(_secondary(each) for each in buttons))
    if conversation.state is State.ASSIGNED and not others:
        buttons = tuple(each for each in buttons if each.command != "take")
    return tuple(
        each
        for each in buttons
        if authorize(actor, RIGHTS[each.command], facts, via=EntryPoint.BUTTON).allowed
    )


def commands_of(actor: Actor) -> tuple[str, ...]:
    """The commands that this person may type, about one conversation or another."""
    return tuple(
        command.name
        for command in COMMANDS
        if command.typed and admits(actor, command.actions[0], via=EntryPoint.COMMAND)
    )


def strategies_of(agent: AgentId, desk: Desk) -> set[Strategy]:
    """How customers of his queues find somebody."""
    queues = (desk.queue(queue) for queue in desk.memberships(agent))
    return {queue.strategy for queue in queues if queue is not None and queue.active}


def _secondary(action: CardAction) -> CardAction:
    return CardAction(command=action.command, label=action.label, arguments=action.arguments)
