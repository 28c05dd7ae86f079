"""Who sees which thread: the expected answers, written by hand."""

import pytest

from bridge.adapters.workspaces.local.people import User
from bridge.adapters.workspaces.local.threads import ThreadHead
from bridge.adapters.workspaces.local.visibility import Viewer
from bridge.domain.agent import Agent, Role
from bridge.domain.binding import Purpose
from bridge.domain.card import ConversationCard
from bridge.domain.conversation import Priority, State
from bridge.domain.ids import (
    AgentId,
    BindingId,
    Instant,
    Language,
    RoomRef,
    ThreadRef,
    WorkspaceUserId,
)
from bridge.domain.queue import MONITOR_ROOM
from bridge.ports.queries import ConversationRow, Home

BIA = WorkspaceUserId("u-bia")
NUMBER = 7


def viewer(*, admin: bool = False, queues: tuple[str, ...] = (), holds: bool = False) -> Viewer:
    row = ConversationRow(
        number=NUMBER,
        public_id="0",
        state=State.ASSIGNED,
        customer="Maria",
        channel="Web chat",
        priority=Priority.NORMAL,
    )
    role = Role.ADMIN if admin else Role.AGENT
    agent = Agent(id=AgentId(1), handle="bia", name="Bia", role=role)
    home = Home(
        agent=agent,
        language=Language("en"),
        holding=(row,) if holds else (),
        waiting=(),
        queues=queues,
    )
    user = User(id=BIA, email="bia@example.com", name="Bia", created_at=Instant(0))
    return Viewer(user=user, home=home)


def head(
    *,
    room: str = "sales",
    purpose: Purpose = Purpose.WORK,
    members: tuple[WorkspaceUserId, ...] = (),
    hidden: bool = False,
) -> ThreadHead:
    card = ConversationCard(
        number=NUMBER,
        state=State.ASSIGNED,
        customer="Maria",
        channel="Web chat",
        language=Language("en"),
    )
    return ThreadHead(
        ref=ThreadRef("t1"),
        binding=BindingId(1),
        number=NUMBER,
        purpose=purpose,
        room=RoomRef(room),
        card=card,
        opened_at=Instant(0),
        members=members,
        hidden=hidden,
    )


OUTSIDER = viewer()
MEMBER = viewer(queues=("sales",))
HOLDER = viewer(holds=True)
ADMIN = viewer(admin=True)
OTHER = (WorkspaceUserId("u-caio"),)

EXPECTED = [
    (OUTSIDER, head(), False),
    (MEMBER, head(), True),
    (HOLDER, head(), True),
    (ADMIN, head(), True),
    (MEMBER, head(purpose=Purpose.WAITING), True),
    (OUTSIDER, head(purpose=Purpose.WAITING), False),
    (MEMBER, head(purpose=Purpose.MONITOR), False),
    (HOLDER, head(purpose=Purpose.MONITOR, room=MONITOR_ROOM), False),
    (ADMIN, head(purpose=Purpose.MONITOR, room=MONITOR_ROOM), True),
    (OUTSIDER, head(members=(BIA,)), True),
    (MEMBER, head(members=OTHER), False),
    (HOLDER, head(members=OTHER), False),
    (ADMIN, head(members=OTHER), False),
    (OUTSIDER, head(members=(BIA,), hidden=True), False),
    (MEMBER, head(hidden=True), False),
    (ADMIN, head(hidden=True), False),
]


@pytest.mark.parametrize(("who", "what", "sees"), EXPECTED)
def test_who_sees_which_thread(who: Viewer, what: ThreadHead, sees: bool) -> None:
    assert who.may_see(what) is sees


@pytest.mark.parametrize(
    ("who", "room", "enters"),
    [
        (OUTSIDER, "sales", False),
        (MEMBER, "sales", True),
        (MEMBER, "support", False),
        (MEMBER, MONITOR_ROOM, False),
        (viewer(queues=("monitor",)), MONITOR_ROOM, False),
        (ADMIN, MONITOR_ROOM, True),
        (ADMIN, "support", True),
    ],
)
def test_who_enters_which_room(who: Viewer, room: str, enters: bool) -> None:
    assert who.may_enter(RoomRef(room)) is enters
