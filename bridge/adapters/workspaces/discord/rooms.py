"""What a room is: a forum takes posts, a text channel takes cards with threads under them."""

from collections.abc import Sequence

import structlog

from bridge.adapters.common.standing import Standing
from bridge.adapters.common.turns import Turns
from bridge.adapters.workspaces.discord.client import DiscordClient, Json
from bridge.adapters.workspaces.discord.errors import UNKNOWN_CHANNEL, DiscordRefusal
from bridge.adapters.workspaces.discord.refs import is_snowflake
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.tags import Tag, lacking, read_tags, tag_bodies
from bridge.domain.errors import CredentialsRejected, DeliveryRejected, TokenRejected
from bridge.domain.ids import MINUTE, Instant, RoomRef
from bridge.domain.value import Value
from bridge.ports.clock import Clock

log = structlog.get_logger("bridge.discord")

FORUM, MEDIA, TEXT, NEWS = 15, 16, 0, 5
_TRUE_FOR = 10 * MINUTE
_MOST_TAGS = 20


class Room(Value):
    """A channel that threads open in."""

    id: str
    kind: int
    name: str
    tags: tuple[Tag, ...] = ()

    @property
    def is_forum(self) -> bool:
        """Whether a thread in it is a post with tags; and never private."""
        return self.kind in (FORUM, MEDIA)


class Rooms:
    """Knows rooms for a while; a change of one is `forget`-ted at once."""

    def __init__(
        self, discord: DiscordClient, clock: Clock, standing: Standing, language: str
    ) -> None:
        """None was looked at."""
        self._discord = discord
        self._clock = clock
        self._standing = standing
        self._language = language
        self._known: dict[str, tuple[Room, Instant]] = {}
        self._completed: set[str] = set()
        self._turns = Turns()

    def forget(self, room: str) -> None:
        """It was changed, or is gone."""
        self._known.pop(room, None)

    async def of(self, ref: RoomRef) -> Room:
        """The room. Raises `CredentialsRejected` where it is gone: what is for it waits."""
        return self._fresh(ref) or await self._looked_at(ref)

    def _fresh(self, ref: RoomRef) -> Room | None:
        known = self._known.get(ref)
        if known is not None and self._clock.now() - known[1] < _TRUE_FOR:
            return known[0]
        return None

    async def _looked_at(self, ref: RoomRef) -> Room:
        """One looks for all: after a start every card wants to know at once."""
        async with self._turns.turn(ref):
            return self._fresh(ref) or await self._look_closely(ref)

    async def _look_closely(self, ref: RoomRef) -> Room:
        try:
            room = await self._complete(_read(await self._look(ref)))
        except TokenRejected:
            raise  # nothing is known of the room
        except (CredentialsRejected, DeliveryRejected) as error:
            self._standing.wrong(f"room {ref}", str(error), _FIX)
            raise
        self._standing.right(f"room {ref}")
        self._known[ref] = (room, self._clock.now())
        return room

    async def _look(self, ref: RoomRef) -> Json:
        if not is_snowflake(ref):
            raise DeliveryRejected(f"no room {ref!r} in Discord", "no_room")
        try:
            return await self._discord.call(route("GET", "/channels/{channel_id}", channel_id=ref))
        except DiscordRefusal as error:
            if error.discord_code == UNKNOWN_CHANNEL:
                raise CredentialsRejected(f"the room <#{ref}> was deleted") from error
            raise

    async def _complete(self, room: Room) -> Room:
        """Add the tags that a forum lacks where we may; else somebody is told, once."""
        missing = lacking(room.tags, self._language) if room.is_forum else ()
        if not missing or room.id in self._completed:
            return room
        self._completed.add(room.id)
        try:
            return await self._with_tags(room, missing)
        except TokenRejected:
            self._completed.discard(room.id)
            raise
        except (CredentialsRejected, DeliveryRejected) as error:
            said = f"<#{room.id}> lacks the tags {', '.join(missing)}: {error}"
            self._standing.wrong(f"tags of {room.id}", said, _TAGS_FIX, warning=True)
            return room

    async def _with_tags(self, room: Room, missing: Sequence[str]) -> Room:
        kept: list[Json] = [{"id": tag.id, "name": tag.name} for tag in room.tags]
        made = tag_bodies(missing, self._language)
        changed = await self._discord.call(
            route("PATCH", "/channels/{channel_id}", channel_id=room.id),
            {"available_tags": [*kept, *made][:_MOST_TAGS]},
        )
        self._standing.right(f"tags of {room.id}")
        return _read(changed)


_FIX = "bind the queue to another room with /queues bind, or let the bot see this one"
_TAGS_FIX = "create them in the forum's settings, or run `deskbridge connect discord` again"


def _read(channel: Json) -> Room:
    kind = int(channel["type"])
    if kind not in (FORUM, MEDIA, TEXT, NEWS):
        raise DeliveryRejected(f"<#{channel['id']}> takes no threads", "no_room")
    return Room(
        id=str(channel["id"]),
        kind=kind,
        name=str(channel.get("name") or ""),
        tags=read_tags(channel),
    )
