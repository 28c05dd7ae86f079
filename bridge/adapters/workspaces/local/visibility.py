"""Who may see a thread or a room; pure, and no unless something says yes."""

from dataclasses import dataclass

from bridge.adapters.workspaces.local.people import User
from bridge.adapters.workspaces.local.threads import ThreadHead
from bridge.domain.agent import Role
from bridge.domain.binding import Purpose
from bridge.domain.conversation import State
from bridge.domain.ids import Language, RoomRef
from bridge.domain.queue import MONITOR_ROOM
from bridge.ports.queries import Home


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """A signed-in person who is an agent, with what the desk says of him now."""

    user: User
    home: Home

    @property
    def admin(self) -> bool:
        """Whether he is an admin."""
        return self.home.agent.role is Role.ADMIN

    @property
    def language(self) -> Language:
        """The language he is addressed in."""
        return self.home.language

    def holds(self, number: int) -> bool:
        """Whether he is in control of a conversation."""
        return any(row.number == number for row in self.home.holding)

    def mode(self, head: ThreadHead) -> str:
        """What stands where one writes: `write` for the one in control, else why not."""
        if head.closed_at is not None:
            return "closed"
        if head.purpose is Purpose.MONITOR:
            return "monitor"
        if head.purpose is Purpose.WAITING:
            return "waiting"
        if self.holds(head.number):
            return "write"
        return "held" if head.card.state is State.ASSIGNED else "waiting"

    def may_enter(self, room: RoomRef) -> bool:
        """Whether the room is one of his: admins have all, agents those of their queues."""
        return self.admin or (room != MONITOR_ROOM and room in self.home.queues)

    def may_see(self, head: ThreadHead) -> bool:
        """Whether he sees this thread.

        A hidden thread is nobody's. One with members is theirs alone. Any other is seen
        by whoever may enter its room, and by whoever holds its conversation.
        """
        if head.hidden:
            return False
        if head.members:
            return self.user.id in head.members
        if self.admin:
            return True
        if head.purpose is Purpose.MONITOR:
            return False
        return self.may_enter(head.room) or self.holds(head.number)
