"""Meta brings everything one to five times, in any order and many at once: one effect each."""

import random
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from bridge.domain.conversation import Conversation
from bridge.domain.message import Author, Receipt
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.records import Sent
from bridge.simulators.graph.settings import Quirks
from tests.integration.channels.whatsapp_desk import WhatsAppDesk, open_desk
from tests.patience import seen, until

_EACH = 25
"""Lines of one customer."""
_COPIES = 5


@dataclass
class Talk:
    """A customer, and all that he does."""

    person: Person
    first: Sent
    conversation: Conversation
    lines: list[str] = field(default_factory=list)

    @property
    def answer(self) -> str:
        """What Ana writes to him."""
        return f"answer to {self.person.id}"

    @property
    def first_words(self) -> str:
        """What his first line said."""
        return f"first line of {self.person.id}"

    @property
    def corrected(self) -> str:
        """What his first line says in the end."""
        return f"{self.first_words}, corrected"

    def expected(self) -> Counter[str]:
        """What is to come into his thread, each once."""
        news = f"edit: {self.corrected}", "reaction: 👍"
        return Counter([self.first_words, *self.lines, *news])


@pytest.mark.parametrize("messages", [500, pytest.param(5_000, marks=pytest.mark.long)])
async def test_whatever_comes_again_and_in_any_order_has_one_effect(
    tmp_path: Path, messages: int
) -> None:
    chance = random.Random(20_261_123)
    async with open_desk(tmp_path) as desk:
        talks = await _begin(desk, messages // _EACH)
        desk.is_reached(False)
        for talk in talks:
            desk.graph.turn(Quirks(batch=chance.choice((1, 4))))
            await _live(desk, talk)
        desk.graph.office.flush()
        await desk.graph.settled()

        bodies = [each.body for each in desk.graph.office.failed]
        deck = [body for body in bodies for _ in range(chance.randint(1, _COPIES))]
        chance.shuffle(deck)
        await desk.storm(deck)

        assert len(desk.conversations()) == len(talks)
        for talk in talks:
            await _check(desk, talk)


async def _begin(desk: WhatsAppDesk, customers: int) -> list[Talk]:
    """Everybody has written once, and Ana answers him in his thread."""
    people = [desk.graph.customer(desk.number, f"55119{n:08}") for n in range(customers)]
    for person in people:
        await person.writes("Oi")
    await desk.graph.settled()
    await until(lambda: all(map(desk.thread_of, desk.conversations())))
    talks = [await _first_line(desk, person) for person in people]
    await desk.graph.settled()
    for talk in talks:
        await seen(partial(desk.shown, talk.conversation), Counter([talk.first_words]))
    return talks


async def _first_line(desk: WhatsAppDesk, person: Person) -> Talk:
    """The first that stands in the thread by itself: what came before opened it."""
    line = await person.writes(f"first line of {person.id}")
    return Talk(person, line, desk.conversation_of(person))


async def _live(desk: WhatsAppDesk, talk: Talk) -> None:
    """Lines, a picture, a correction, a reaction, an answer that is read; nothing of it arrives."""
    person = talk.person
    await desk.answers(talk.conversation, talk.answer)
    await desk.graph.until(person.received)
    await person.reads()
    await person.reacts(talk.first, "👍")
    await person.edits(talk.first, talk.corrected)
    for number in range(_EACH - 4):
        talk.lines.append(f"{person.id}-{number:02}")
        await person.writes(talk.lines[-1])
    talk.lines.append(f"picture of {person.id}")
    await person.sends_file(person.id.encode(), "image/png", kind="image", caption=talk.lines[-1])


async def _check(desk: WhatsAppDesk, talk: Talk) -> None:
    said = await desk.lines(talk.conversation, Author.CUSTOMER)
    assert Counter(line.content.words() for line in said) == Counter(
        ["Oi", talk.corrected, *talk.lines]
    )
    (pictured,) = [line for line in said if line.content.files]
    assert pictured.content.files[0].size == len(talk.person.id)

    async def missing() -> Counter[str]:
        return talk.expected() - await desk.shown(talk.conversation)

    await seen(missing, Counter())
    assert await desk.shown(talk.conversation) == talk.expected()

    (answer,) = await desk.lines(talk.conversation, Author.AGENT)
    billed = await desk.app.parts.database.reads.billed(talk.conversation.id)
    assert (answer.receipt, billed) == (Receipt.READ, {"service": 1})
    assert len(talk.person.received()) == 1
