"""A customer is erased: from one moment to the next nobody is known by any name of his.

That moment is one row of a batch, like everything else. What he said is removed afterwards, in
small bits beside the desk's work (`bridge.app.customers.erasing`).
"""

from msgspec.structs import replace

from bridge.domain.contact import Identity, Refuses
from bridge.domain.conversation import Conversation
from bridge.domain.erasure import Erasure
from bridge.domain.events import Actor
from bridge.domain.ids import Address, ChannelId, ContactId
from bridge.domain.moves import EndForErasure, EraseContact, Outcome, done, refused
from bridge.engine.control import holders
from bridge.engine.step import Step
from bridge.locales import say

ERASED = "erased"


def end(step: Step, move: EndForErasure, actor: Actor) -> Outcome:
    """What is open ends as anything does: threads are closed, and the bot is told."""
    opened = _open(step, move.contact)
    for conversation in opened:
        holders.end(step, conversation, actor, ERASED)
    return done("ended_for_erasure", count=str(len(opened)))


def erase(step: Step, move: EraseContact, actor: Actor) -> Outcome:
    """Forget his names. Refused while something of his is open, and for who is not there."""
    opened = _open(step, move.contact)
    if opened:
        return refused("not_ended", number=str(opened[0].number))
    people = [each for each in step.desk.identities if each.contact == move.contact]
    if not people:
        return refused("unknown_contact")
    names = tuple(sorted(_names(step, people)))
    if not names:
        return refused("already_erased")
    erasure = Erasure(
        id=step.new_id(),
        contact=move.contact,
        at=step.now,
        by=actor,
        names=names,
        digests=tuple(step.desk.erased.digest(*name) for name in names),
    )
    name = say(step.desk.options.language, "thread.erased")
    for identity in people:
        step.desk.identities.put(_nobody(identity, name))
    step.desk.contacts.put(replace(step.desk.contacts[move.contact], name=name))
    step.erase(erasure)
    return done("erasing", id=str(erasure.id))


def _open(step: Step, contact: ContactId) -> list[Conversation]:
    return [each for each in step.desk.open_of(contact) if each.open]


def _names(step: Step, people: list[Identity]) -> set[tuple[ChannelId, Address]]:
    return {
        (identity.channel, address)
        for identity in people
        for address in step.desk.names_of(identity)
        if not address.startswith(_NOBODYS)
    }


_NOBODYS = "erased:"


def _nobody(identity: Identity, name: str) -> Identity:
    """Who was erased, on one channel: nobody is reached or found there."""
    return replace(
        identity,
        address=Address(f"{_NOBODYS}{identity.id}"),
        name=name,
        language=None,
        last_agent=None,
        last_agent_at=None,
        anonymous=True,
        certain=None,
        heard_at=None,
        refuses=Refuses.EVERYTHING,
    )
