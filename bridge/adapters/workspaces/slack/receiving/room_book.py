"""What Slack says of the rooms that agents and the app are in."""

import msgspec
import structlog

from bridge.adapters.workspaces.slack.client import SlackClient
from bridge.domain.errors import DeskbridgeError, OutcomeUnknown
from bridge.domain.ids import MINUTE, Instant
from bridge.domain.names import tidy_name
from bridge.domain.value import Value
from bridge.ports.clock import Clock

log = structlog.get_logger("bridge.slack")

_BELIEVED_FOR = 10 * MINUTE
_REMEMBERED = 1_000


class RoomInfo(Value):
    """A channel object: https://docs.slack.dev/reference/objects/conversation-object."""

    id: str
    name: str | None = None
    is_private: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_member: bool = True

    @property
    def shared(self) -> bool:
        """Whether people of another organisation read it, or are about to."""
        return self.is_ext_shared or self.is_pending_ext_shared


class RoomBook:
    """Asks Slack about rooms, and remembers it for a while."""

    def __init__(self, slack: SlackClient, clock: Clock) -> None:
        """No room is known yet."""
        self._slack = slack
        self._clock = clock
        self._known: dict[str, tuple[RoomInfo, Instant]] = {}

    async def info(self, room: str, *, fresh: bool = False) -> RoomInfo:
        """What Slack says of a room. Raises what a call raises."""
        known = self._known.get(room)
        if known is not None and not fresh and self._clock.now() - known[1] < _BELIEVED_FOR:
            return known[0]
        answer = await self._slack.call("conversations.info", channel=room)
        try:
            info = msgspec.convert(answer.get("channel"), RoomInfo, strict=False)
        except msgspec.ValidationError as error:
            raise OutcomeUnknown(f"Slack described a room that nobody can read: {error}") from error
        self._known[room] = (info, self._clock.now())
        while len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        return info

    def forget(self, room: str) -> None:
        """Something about the room changed."""
        self._known.pop(room, None)

    async def names(self, rooms: frozenset[str]) -> dict[str, str]:
        """What these rooms are called; one that Slack does not tell is left out."""
        names = {}
        for room in sorted(rooms):
            try:
                name = (await self.info(room)).name
            except DeskbridgeError as error:
                log.info("room_unnamed", room=room, why=str(error))
                continue
            if name:
                names[room] = tidy_name(name)
        return names
