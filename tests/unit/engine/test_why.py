"""People can ask why a conversation went to somebody, and why another still waits."""

from bridge.commands.authorize import EntryPoint
from bridge.domain.events import Actor, ActorKind
from bridge.domain.moves import ChangeAgent
from bridge.engine.reading.reader import Reader
from bridge.ports.queries import (
    ConversationView,
    History,
    ShowConversation,
    ShowEvents,
    Waits,
)
from tests.fakes.office import Office


def reader(office: Office) -> Reader:
    return Reader(office.engine.desk, office.store, office.clock, office.engine.standing)


def rita(office: Office) -> Actor:
    agent = office.engine.desk.agent_by_handle("rita")
    assert agent is not None
    return Actor(kind=ActorKind.ADMIN, name="Rita", agent=agent.id)


async def history(office: Office, number: int = 1) -> History:
    view = await reader(office).view(ShowEvents(number=number), rita(office), EntryPoint.PAGE)
    assert isinstance(view, History)
    return view


async def test_the_history_says_who_was_compared_when_somebody_got_it(office: Office) -> None:
    await office.agent("rita", admin=True, available=False)
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.agent("bruno", "sales")
    await office.handed_over(name="Bia")

    said = (await history(office, 2)).sentences

    assert any("(the least busy: 0/5, Ana 1/5)" in sentence for sentence in said), said


async def test_the_history_says_so_when_nobody_else_could_take_it(office: Office) -> None:
    await office.agent("rita", admin=True, available=False)
    await office.agent("ana", "sales")
    await office.handed_over()

    said = (await history(office)).sentences

    assert any("(nobody else could take it)" in sentence for sentence in said), said


async def test_what_waits_says_its_place_and_what_stands_in_the_way(office: Office) -> None:
    await office.agent("rita", admin=True, available=False)
    ana = await office.agent("ana", "sales")
    await office.do(ChangeAgent(agent=ana.id, capacity=1))
    await office.agent("bruno", "sales", available=False)
    for name in ("Alice", "Bia", "Caio"):
        await office.handed_over(name=name)

    told = await history(office, 3)
    view = await reader(office).view(ShowConversation(number=3), rita(office), EntryPoint.PAGE)

    assert told.remarks == ("It waits at place 2: 1 agent is unavailable, 1 has no free slot",)
    assert isinstance(view, ConversationView)
    assert view.waits == Waits(place=2, refusals={"unavailable": 1, "full": 1})


async def test_what_somebody_has_waits_for_nothing(office: Office) -> None:
    await office.agent("rita", admin=True, available=False)
    await office.agent("ana", "sales")
    await office.handed_over()

    told = await history(office)
    view = await reader(office).view(ShowConversation(number=1), rita(office), EntryPoint.PAGE)

    assert told.remarks == ()
    assert isinstance(view, ConversationView)
    assert view.waits is None
