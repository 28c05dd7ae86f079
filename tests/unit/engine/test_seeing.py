"""What only the agent in control may see, no list or board shows to his colleagues."""

from bridge.commands.authorize import EntryPoint
from bridge.domain.events import Actor, ActorKind
from bridge.domain.moves import ChangeQueue
from bridge.domain.queue import Visibility
from bridge.engine.reading.reader import Reader
from bridge.ports.queries import AgentRow, Queues, ShowQueues
from tests.fakes.office import Office


async def board(office: Office, handle: str) -> list[AgentRow]:
    """The agents of the queue as this one sees them."""
    agent = office.engine.desk.agent_by_handle(handle)
    assert agent is not None
    reader = Reader(office.engine.desk, office.store, office.clock, office.engine.standing)
    actor = Actor(kind=ActorKind.AGENT, name=agent.name, agent=agent.id)
    view = await reader.view(ShowQueues(), actor, EntryPoint.PAGE)
    assert isinstance(view, Queues)
    (row,) = view.rows
    return [*row.connected, *row.disconnected]


async def held(office: Office, visibility: Visibility) -> None:
    """Ana holds a conversation of a queue that Bruno answers, too."""
    queue = office.engine.desk.queue_by_name("sales")
    assert queue is not None
    await office.do(ChangeQueue(queue=queue.id, visibility=visibility))
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.agent("bruno", "sales")


async def test_a_private_conversation_is_only_counted_on_a_colleagues_board(
    office: Office,
) -> None:
    await held(office, Visibility.ASSIGNEE)

    seen = {row.handle: (row.held, len(row.holding)) for row in await board(office, "bruno")}
    own = {row.handle: (row.held, len(row.holding)) for row in await board(office, "ana")}

    assert seen == {"ana": (1, 0), "bruno": (0, 0)}
    assert own == {"ana": (1, 1), "bruno": (0, 0)}


async def test_a_conversation_of_the_room_is_on_every_members_board(office: Office) -> None:
    await held(office, Visibility.ROOM)

    seen = {row.handle: len(row.holding) for row in await board(office, "bruno")}

    assert seen == {"ana": 1, "bruno": 0}


async def test_nobody_changes_what_he_may_not_see(office: Office) -> None:
    await held(office, Visibility.ASSIGNEE)

    answer = await office.command("bruno", "priority", "#1 high")

    assert not answer.ok
    assert office.conversation().priority.word == "normal"
