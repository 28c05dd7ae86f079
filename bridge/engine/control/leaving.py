"""A customer leaves, or says what he does not want: nobody waits or works for who is gone."""

from msgspec.structs import replace

from bridge.domain.contact import Identity, Refuses
from bridge.domain.conversation import Conversation, State
from bridge.domain.events import Actor, ActorKind
from bridge.engine.control import holders, threads
from bridge.engine.step import PrivateLine, Step, ThreadLine
from bridge.ports.channel import Accepted, CustomerLeft, WishesChanged

ABANDONED, CLOSED, BLOCKED = "abandoned", "customer_closed", "customer_blocked"
_WAITED = (State.PARKED, State.WAITING, State.OFFERED)


def customer_left(step: Step, event: CustomerLeft) -> Accepted:
    """What is open ends; who waited for people in vain has abandoned them.

    The thread is told before it is closed. Whoever blocked us is not written to any more.
    """
    identity = step.desk.identity_at(event.channel, event.address)
    if identity is None or identity.merged:
        return Accepted()
    if event.blocked:
        identity = step.desk.identities.put(replace(identity, refuses=Refuses.EVERYTHING))
    conversation = step.desk.current(identity.id)
    if conversation is not None:
        _end(step, conversation, identity, blocked=event.blocked)
    return Accepted()


def _end(step: Step, conversation: Conversation, identity: Identity, *, blocked: bool) -> None:
    _tell(step, conversation, identity, blocked=blocked)
    actor = Actor(kind=ActorKind.CUSTOMER, name=identity.name)
    holders.end(step, conversation, actor, _cause(conversation, blocked=blocked))


def _tell(step: Step, conversation: Conversation, identity: Identity, *, blocked: bool) -> None:
    """Now: an ended conversation has no thread to tell, and a private one is gone with its end."""
    binding = step.desk.work_binding(conversation.id)
    if binding is None:
        return
    key = "thread.customer_blocked" if blocked else "thread.customer_left"
    about, data, holder = conversation.id, {"customer": identity.name}, binding.private_to
    if holder is None:
        threads.post_line(step, ThreadLine(conversation=about, key=key, data=data))
    else:
        threads.tell(step, PrivateLine(conversation=about, key=key, data=data, to=holder))


def _cause(conversation: Conversation, *, blocked: bool) -> str:
    if conversation.state in _WAITED:
        return ABANDONED
    return BLOCKED if blocked else CLOSED


def wishes_changed(step: Step, event: WishesChanged) -> Accepted:
    """Remember what he does not want; it is asked before anybody writes to him first."""
    identity = step.desk.identity_at(event.channel, event.address)
    if identity is not None and not identity.merged and identity.refuses is not event.refuses:
        step.desk.identities.put(replace(identity, refuses=event.refuses))
    return Accepted()
