"""The time in which a channel takes free text: since the customer's last line, by his platform.

It is the customer's on this channel, not one conversation's: what he wrote in one that has ended
counts in the next one, too.
"""

from msgspec.structs import replace

from bridge.domain.contact import Identity, heard
from bridge.domain.conversation import Conversation
from bridge.domain.ids import ConversationId, Instant
from bridge.domain.template import Template
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step
from bridge.ports.capabilities import Support

CLOSED = "window_closed"
"""What a platform's refusal is called when the time was over by its own clock."""


def last_line_at(step: Step, conversation: Conversation, at: Instant | None) -> Instant:
    """When the customer's newest line was written: what came late was not written now."""
    window = step.channel(conversation).capabilities.reply_window
    if window is None or at is None:
        return step.now
    return max(conversation.last_customer_at or at, min(at, step.now))


def is_closed(step: Step, conversation: Conversation) -> bool:
    """True when the channel takes no free text any more."""
    return closed_at(step.desk, conversation, step.now)


def closed_at(desk: Desk, conversation: Conversation, now: Instant) -> bool:
    """The same, asked beside the engine's steps."""
    place = desk.places.channels.get(conversation.channel)
    identity = desk.identity(conversation.identity)
    window = None if place is None else place.capabilities.reply_window
    if window is None or identity is None:
        return False
    last = heard(conversation, identity)
    return last is None or now - last >= window


def bars(desk: Desk, conversation: Conversation, template: Template, now: Instant) -> bool:
    """True for a text of the team's own, which is free text where the platform has templates."""
    place = desk.places.channels.get(conversation.channel)
    native = place is not None and place.capabilities.templates is Support.NATIVE
    return native and template.channel is None and closed_at(desk, conversation, now)


def close(step: Step, conversation_id: ConversationId, at: Instant) -> None:
    """The platform refused a line of that moment: the time is over, whatever we had counted.

    Unless the customer has written since.
    """
    conversation = step.desk.conversation(conversation_id)
    identity = None if conversation is None else step.desk.identity(conversation.identity)
    if conversation is None or identity is None:
        return
    if identity.heard_at is not None and identity.heard_at <= at:
        step.desk.identities.put(replace(identity, heard_at=None))
    current = conversation if conversation.open else step.desk.current(identity.id)
    if current is not None:
        _close(step, current, identity, at)


def _close(step: Step, current: Conversation, identity: Identity, at: Instant) -> None:
    window = step.channel(current).capabilities.reply_window
    last = current.last_customer_at
    if window is not None and last is not None and last <= at and step.now - last < window:
        step.touch(replace(current, last_customer_at=Instant(step.now - window)))
    step.redraw(current.id)


def remember(step: Step, ended: Conversation) -> None:
    """Keep for the customer's next conversation when he wrote last in this one."""
    last = ended.last_customer_at
    if last is None or step.channel(ended).capabilities.reply_window is None:
        return
    identity = step.identity(ended)
    if identity.heard_at is None or identity.heard_at < last:
        step.desk.identities.put(replace(identity, heard_at=last))
