"""What several pages show: the rail, conversations as rows, lines for programs."""

from dataclasses import dataclass

from bridge.adapters.workspaces.local.pages.base import Visit
from bridge.adapters.workspaces.local.threads import ThreadHead
from bridge.adapters.workspaces.local.timeline import Line
from bridge.domain.card import CardAction
from bridge.domain.errors import NotAuthorized, NotFound
from bridge.domain.ids import RoomRef
from bridge.domain.queue import MONITOR_ROOM
from bridge.ports.queries import (
    Actions,
    Home,
    Query,
    QueueRow,
    Queues,
    ShowActions,
    ShowQueues,
    View,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomLink:
    """A room in the rail."""

    ref: RoomRef
    title: str
    waiting: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Rail:
    """The left side of every page; `at` is the address of the page it stands beside.

    `told` is the last private entry there was when the page was rendered.
    """

    home: Home
    rooms: tuple[RoomLink, ...]
    at: str
    admin: bool
    told: int


async def rail(visit: Visit, at: str | None = None) -> Rail:
    """What the rail shows this person now."""
    viewer = visit.viewer
    return Rail(
        home=viewer.home,
        rooms=tuple(
            RoomLink(ref=RoomRef(queue.name), title=queue.title, waiting=queue.waiting)
            for queue in viewer.home.counts
            if viewer.may_enter(RoomRef(queue.name))
        ),
        at=at or visit.request.path,
        admin=viewer.admin,
        told=await visit.site.whispers.last(visit.person.id),
    )


async def queues(visit: Visit, queue: str | None = None) -> tuple[QueueRow, ...]:
    """The queue board as this person may see it."""
    try:
        view = await ask(visit, ShowQueues(queue=queue))
    except NotAuthorized:
        return ()
    return view.rows if isinstance(view, Queues) else ()


async def actions(visit: Visit, head: ThreadHead) -> tuple[CardAction, ...]:
    """The buttons of a thread's card that this person may press."""
    try:
        view = await ask(visit, ShowActions(number=head.number, thread=head.ref))
    except (NotAuthorized, NotFound):
        return ()
    return view.rows if isinstance(view, Actions) else ()


async def ask(visit: Visit, query: Query) -> View:
    """Ask the desk as this person."""
    return await visit.site.sink.ask(query, visit.person.seen_as())


def room_title(visit: Visit, rooms: Rail, ref: RoomRef) -> str:
    """What people call a room."""
    if ref == MONITOR_ROOM:
        return visit.say("local.nav.monitor")
    return next((room.title for room in rooms.rooms if room.ref == ref), str(ref))


def message_json(line: Line) -> dict[str, object]:
    """A line for programs."""
    return {
        "seq": line.seq,
        "at": line.at,
        "author": line.author,
        "name": line.name,
        "mine": line.user,
        "text": line.content.words(),
        "content": line.content,
        "quoted": line.quoted,
        "edited": line.edited,
        "deleted": line.deleted,
        "accepted": line.accepted,
        "marks": line.marks,
        "reactions": line.reactions,
    }
