"""What is asked once before a move is carried out, with the button that says yes."""

from bridge.commands.command import button
from bridge.commands.desk import DeskView
from bridge.commands.template import VALUE, target_of
from bridge.domain import moves
from bridge.domain.contact import heard
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import OfferedCommand
from bridge.domain.ids import Instant
from bridge.domain.moves import Move, Outcome, refused
from bridge.domain.template import Template
from bridge.ports.queries import Query


def question(wish: Move | Query, desk: DeskView, now: Instant) -> Outcome | None:
    """None when nothing needs to be asked."""
    match wish:
        case moves.ReturnToBot(confirmed=False):
            return _return(wish, desk)
        case moves.SetPresence(handover=True):
            return _hand_over(wish, desk)
        case moves.SendTemplate():
            return _send(wish, desk, now)
        case moves.StartConversation():
            return _start(wish, desk)
        case _:
            return None


def _return(move: moves.ReturnToBot, desk: DeskView) -> Outcome | None:
    """The customer wrote last: is it an oversight?"""
    conversation = desk.conversation(move.conversation)
    if conversation is None or conversation.last_customer_at is None:
        return None
    if (conversation.last_our_at or 0) >= conversation.last_customer_at:
        return None
    number = str(conversation.number)
    yes = _yes("return-to-bot", "return", conversation=number, summary=move.summary)
    return refused("confirm_return", yes, number=number)


def _hand_over(move: moves.SetPresence, desk: DeskView) -> Outcome | None:
    agent = desk.agent(move.agent)
    count = sum(1 for _ in desk.held_by(move.agent))
    if agent is None or not count:
        return None
    yes = _yes(
        "available",
        "handover",
        state="handover",
        agent=f"@{agent.handle}",
        reason=move.reason,
        count=str(count),
    )
    return refused("confirm_handover", yes, agent=agent.name, count=str(count))


def _send(move: moves.SendTemplate, desk: DeskView, now: Instant) -> Outcome | None:
    conversation = desk.conversation(move.conversation)
    template = _template(move, desk)
    if conversation is None or template is None:
        return refused("stale")
    number = str(conversation.number)
    send = _yes("template", "send", conversation=number, **_filled(template, move.values))
    text = template.fill(move.values)
    left = _window_left(conversation, desk, now)
    if left is None:
        return refused("confirm_template", send, number=number, text=text)
    if left <= 0:
        return refused("confirm_template_closed", send, number=number, text=text)
    return refused("confirm_template_window", send, number=number, text=text, window_left=str(left))


def _start(move: moves.StartConversation, desk: DeskView) -> Outcome | None:
    template = _template(move, desk)
    if template is None:
        return refused("stale")
    target = target_of(move.channel, move.address)
    filled = _filled(template, move.values)
    return refused(
        "confirm_start",
        _yes("template", "send", name=move.name, **target, **filled),
        address=move.address,
        channel=desk.places.channels[move.channel].label,
        text=template.fill(move.values),
    )


def _template(
    move: moves.SendTemplate | moves.StartConversation, desk: DeskView
) -> Template | None:
    return next((each for each in desk.templates() if each.id == move.template), None)


def _filled(template: Template, values: dict[str, str]) -> dict[str, str]:
    return {"template": template.name} | {f"{VALUE}{name}": text for name, text in values.items()}


def _window_left(conversation: Conversation, desk: DeskView, now: Instant) -> int | None:
    """Milliseconds until free text is no longer allowed; None where there is no such limit."""
    channel = desk.places.channels.get(conversation.channel)
    window = None if channel is None else channel.capabilities.reply_window
    if window is None:
        return None
    return (heard(conversation, desk.identity(conversation.identity)) or 0) + window - now


def _yes(command: str, label: str, **arguments: str) -> OfferedCommand:
    given = {name: value for name, value in arguments.items() if value}
    return button(command, label, confirmed="yes", **given)
