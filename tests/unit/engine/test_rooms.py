"""A queue with several rooms in one workspace spreads over them; each conversation is in one."""

from collections import Counter

from bridge.domain.ids import RoomRef
from bridge.domain.moves import BindRoom
from bridge.ports.capabilities import WorkspaceCapabilities
from tests.fakes.office import Office
from tests.fakes.sides import RecordingWorkspace


async def office_with_rooms(*rooms: str) -> Office:
    """A desk whose queue has these rooms, and nobody who is available."""
    workspace = RecordingWorkspace(capabilities=WorkspaceCapabilities(redraw_every=0))
    office = await Office(workspace=workspace).open()
    queue = await office.queue("sales")
    await office.agent("ana", "sales", available=False)
    for room in rooms:
        await office.do(
            BindRoom(workspace=office.team, room=RoomRef(room), title=room, queue=queue.id)
        )
    return office


def rooms_of(office: Office, number: int) -> list[RoomRef]:
    """Where a conversation is to be seen."""
    return [
        thread.room
        for thread in office.workspace.threads.values()
        if thread.binding.number == number and not thread.closed
    ]


async def test_each_new_conversation_has_one_card_and_they_spread_over_the_rooms() -> None:
    office = await office_with_rooms("C1", "C2", "C3")

    for name in ("Alice", "Bob", "Carol", "Dan", "Eve", "Fay"):
        await office.handed_over(name=name)

    seen = [rooms_of(office, number) for number in range(1, 7)]
    assert all(len(rooms) == 1 for rooms in seen)
    assert Counter(rooms[0] for rooms in seen) == {"C1": 2, "C2": 2, "C3": 2}


async def test_the_card_becomes_the_thread_in_the_same_room() -> None:
    office = await office_with_rooms("C1", "C2")
    await office.handed_over()
    before = rooms_of(office, 1)

    await office.command("ana", "available", "on")

    assert rooms_of(office, 1) == before
    assert office.holder() == "ana"


async def test_a_conversation_stays_where_it_is_when_a_room_is_added() -> None:
    office = await office_with_rooms("C1")
    await office.handed_over()
    queue = office.engine.desk.queue_by_name("sales")
    assert queue is not None

    await office.do(BindRoom(workspace=office.team, room=RoomRef("C2"), title="C2", queue=queue.id))
    await office.command("ana", "available", "on")

    assert office.holder() == "ana"
    assert rooms_of(office, 1) == ["C1"]
