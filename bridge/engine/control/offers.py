"""An agent is asked before he is given a conversation: offers, and how they end."""

from collections.abc import Mapping

from msgspec.structs import replace

from bridge.domain.agent import Agent
from bridge.domain.conversation import Conversation, Hold, HoldKind, State
from bridge.domain.delivery import OfferedCommand
from bridge.domain.events import Actor, EventKind
from bridge.domain.ids import AgentId, HoldId, Instant, QueueId, after
from bridge.domain.moves import DeclineOffer, Outcome, done, refused
from bridge.domain.queue import Queue
from bridge.engine.control import holders
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step


def wanted(step: Step, conversation: Conversation, queue: Queue, agent: Agent) -> bool:
    """True when the queue asks first; who can be asked nowhere is simply given it."""
    return queue.offer_timeout > 0 and _can_be_asked(step, conversation, agent)


def _can_be_asked(step: Step, conversation: Conversation, agent: Agent) -> bool:
    queues = (conversation.queue, *conversation.widened)
    here = {room.workspace for queue in queues for room in step.desk.rooms_of(queue) if queue}
    return any(user.workspace in here for user in step.desk.users_of(agent.id))


def offer(
    step: Step,
    conversation: Conversation,
    queue: Queue,
    agent: Agent,
    actor: Actor,
    cause: str,
    why: Mapping[str, str],
) -> None:
    """Ask an agent, a slot of his taken meanwhile; nobody else can have it until he answers.

    `why` is what was compared when distribution chose him.
    """
    hold = _hold(step, conversation, queue, agent, cause)
    conversation = step.put(replace(conversation, state=State.OFFERED, agent=agent.id))
    step.event(
        EventKind.OFFERED,
        actor,
        conversation=conversation.id,
        agent=agent.id,
        queue=queue.id,
        cause=cause,
        agent_name=agent.name,
        **why,
    )
    step.shift(agent.id)
    step.tell(
        conversation.id,
        "thread.offer",
        agent.id,
        *buttons(conversation, hold),
        number=str(conversation.number),
        customer=step.identity(conversation).name,
        wait=str(queue.offer_timeout),
    )


def _hold(step: Step, conversation: Conversation, queue: Queue, agent: Agent, cause: str) -> Hold:
    return step.desk.holds.put(
        Hold(
            id=HoldId(step.new_id()),
            conversation=conversation.id,
            agent=agent.id,
            kind=HoldKind.OFFER,
            cause=cause,
            started_at=step.now,
            slot=step.desk.free_slot(agent),
            capacity_at=agent.capacity,
            expires_at=after(step.now, queue.offer_timeout),
        )
    )


def buttons(conversation: Conversation, hold: Hold) -> tuple[OfferedCommand, ...]:
    """Yes, which takes it, and no."""
    about = {"conversation": str(conversation.number), "offer": str(hold.id)}
    return (
        OfferedCommand(command="take", label="button.accept", arguments=about),
        OfferedCommand(command="decline", label="button.decline", arguments=about),
    )


def standing(desk: Desk, conversation: Conversation) -> Hold | None:
    """The offer that stands."""
    hold = desk.hold_on(conversation.id)
    return hold if hold is not None and hold.kind is HoldKind.OFFER else None


def due(desk: Desk, conversation: Conversation) -> Instant | None:
    """When the offer that stands ends by itself."""
    hold = standing(desk, conversation)
    if hold is None or hold.expires_at is None:
        return None
    return desk.downtime.due(hold.started_at, hold.expires_at - hold.started_at)


def accepted(step: Step, conversation: Conversation, agent: Agent, actor: Actor) -> bool:
    """True when this agent takes what he was offered."""
    hold = standing(step.desk, conversation)
    if hold is None or hold.agent != agent.id:
        return False
    step.event(
        EventKind.OFFER_ACCEPTED,
        actor,
        conversation=conversation.id,
        agent=agent.id,
        queue=conversation.queue,
        agent_name=agent.name,
    )
    return True


def decline(step: Step, move: DeclineOffer, actor: Actor) -> Outcome:
    """It goes to somebody else, and for a while not to him; nothing is held against him."""
    conversation = step.desk.conversations[move.conversation]
    hold = standing(step.desk, conversation)
    if hold is None or (move.offer is not None and hold.id != move.offer):
        return refused("stale")
    back(step, conversation, actor, "declined", skip=hold.agent)
    return done("declined", number=str(conversation.number))


def back(
    step: Step, conversation: Conversation, actor: Actor, cause: str, *, skip: AgentId | None = None
) -> None:
    """An offer ended: it waits again from where it was; `skip` is not asked again for a while."""
    conversation = holders.release(step, conversation, cause, actor)
    skips = conversation.skips
    if skip is not None:
        skips = holders.skips_with(step, conversation, skip)
    step.put(replace(conversation, state=State.WAITING, agent=None, skips=skips))


def withdraw(step: Step, agent: AgentId, actor: Actor, queue: QueueId | None = None) -> None:
    """Take back what an agent was offered, from one queue or from all."""
    for hold in step.desk.agent_holds(agent):
        conversation = step.desk.conversations[hold.conversation]
        if hold.kind is HoldKind.OFFER and queue in (None, conversation.queue):
            back(step, conversation, actor, "withdrawn", skip=agent)
