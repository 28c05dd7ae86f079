"""Two customers turn out to be one: nothing is lost, and whoever has a person keeps him.

The one of the two whose conversation goes on is kept, so that his lane and his bot's session go on
with it. The other one stays as an empty name, for what was said to him and is still under way.
"""

from msgspec.structs import replace

from bridge.domain.contact import Identity, Refuses
from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import AskBot, BotEventKind, PostTranscript
from bridge.domain.events import SYSTEM
from bridge.domain.ids import Instant, MessageId
from bridge.engine import deliveries
from bridge.engine.control import holders, threads
from bridge.engine.step import Step, ThreadLine

_RANKS = {State.ASSIGNED: 0, State.OFFERED: 1, State.WAITING: 2, State.PARKED: 3, State.BOT: 4}


def merge(step: Step, one: Identity, other: Identity) -> Identity:
    """Make them one; gives who is left."""
    talks = [step.desk.current(each.id) for each in (one, other)]
    open_ = sorted((talk for talk in talks if talk is not None), key=_rank)
    kept, gone = sorted((one, other), key=lambda each: each.id)
    if open_ and open_[0].identity == gone.id:
        kept, gone = gone, kept
    if len(open_) > 1:
        _join(step, open_[0], open_[1])
    return _one(step, step.desk.identities[kept.id], step.desk.identities[gone.id])


def _rank(conversation: Conversation) -> tuple[int, int]:
    """Whoever a person holds comes first, then who waits, then who is older."""
    return _RANKS[conversation.state], conversation.id


def _join(step: Step, going_on: Conversation, ending: Conversation) -> None:
    """One conversation goes on; the people in it see what was said in the other one."""
    unanswered = _wrote_last(ending)
    said = {"number": str(going_on.number)}
    into = ThreadLine(conversation=ending.id, key="thread.merged_into", data=said)
    threads.post_line(step, into)  # at once: an ended conversation has no thread to tell
    going_on = step.put(
        replace(
            going_on,
            priority=min(going_on.priority, ending.priority),
            last_customer_at=_later(going_on.last_customer_at, ending.last_customer_at),
            bot_due=going_on.bot_due or ending.bot_due,
            summary=going_on.summary or ending.summary,
        )
    )
    holders.end(step, ending, SYSTEM, "merged")
    if going_on.state is not State.BOT:
        _show(step, going_on, ending)
    elif unanswered:
        asked = AskBot(kind=BotEventKind.MESSAGE_CREATED, epoch=going_on.epoch, returned=ending.id)
        deliveries.to_bot(step, going_on, asked)


def _show(step: Step, going_on: Conversation, ending: Conversation) -> None:
    step.say(going_on.id, "thread.merged", number=str(ending.number))
    up_to = MessageId(step.new_id())
    for binding in step.desk.open_bindings(going_on.id):
        if binding.mirrors:
            deliveries.to_thread(
                step, replace(binding, conversation=ending.id), PostTranscript(up_to=up_to)
            )


def _wrote_last(conversation: Conversation) -> bool:
    theirs = conversation.last_customer_at
    return theirs is not None and (conversation.last_our_at or 0) < theirs


def _one(step: Step, kept: Identity, gone: Identity) -> Identity:
    newer = max(kept, gone, key=lambda each: each.last_agent_at or 0)
    name = gone.name if kept.name.startswith("+") else kept.name
    kept = step.desk.identities.put(
        replace(
            kept,
            name=name,
            language=kept.language or gone.language,
            certain=kept.certain or gone.certain,
            last_agent=newer.last_agent,
            last_agent_at=newer.last_agent_at,
            heard_at=_later(kept.heard_at, gone.heard_at),
            refuses=max(kept.refuses, gone.refuses, key=list(Refuses).index),
        )
    )
    for name_ in step.desk.names_of(gone):
        step.desk.known_as(kept, name_)
    for ticket in step.desk.tickets(gone.contact):
        step.desk.ticket_table.put(replace(ticket, contact=kept.contact))
    step.merge(gone, kept)
    step.desk.identities.put(replace(gone, merged=kept.id, contact=kept.contact))
    talk = step.desk.current(kept.id)
    if talk is not None:
        step.redraw(talk.id)
    return kept


def _later(one: Instant | None, other: Instant | None) -> Instant | None:
    return max((each for each in (one, other) if each is not None), default=None)
