"""The one way in: every event of the gateway gets its place here before anything is awaited."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from functools import partial

import msgspec
import structlog
from msgspec.structs import replace

from bridge.adapters.common.gates import Gates
from bridge.adapters.common.lanes import Lanes
from bridge.adapters.common.tasks import begun, over
from bridge.adapters.workspaces.discord.bot import Frame
from bridge.adapters.workspaces.discord.receiving import inbound
from bridge.adapters.workspaces.discord.receiving.inbound import Did, Line, OwnPost
from bridge.adapters.workspaces.discord.receiving.lines import Lines
from bridge.adapters.workspaces.discord.receiving.orphans import Orphans
from bridge.adapters.workspaces.discord.receiving.payloads import (
    Deleted,
    Message,
    Payload,
    Reaction,
    read,
)
from bridge.adapters.workspaces.discord.receiving.places import Handler
from bridge.adapters.workspaces.discord.site import Interactive, Site
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import ThreadRef
from bridge.ports.commands import UserKind

log = structlog.get_logger("bridge.discord")

_MOMENT = 1.0


class Intake:
    """Takes frames while it is open; `close` waits for what is under way.

    What happens in one thread is handled in the order of its coming, threads beside each other;
    a button or a command waits for nobody.
    """

    def __init__(
        self, site: Site, surfaces: Interactive, lines: Lines, lanes: Lanes, gates: Gates
    ) -> None:
        """Closed at first."""
        self._site = site
        self._surfaces = surfaces
        self._lines = lines
        self._lanes = lanes
        self._gates = gates
        self.orphans = Orphans(site)
        self._open = False
        self._session = ""
        self._errands: set[asyncio.Task[None]] = set()
        self._handlers: Mapping[str, Handler] = {
            "INTERACTION_CREATE": self._interaction,
            "MESSAGE_CREATE": self._message,
            "MESSAGE_UPDATE": self._message,
            "MESSAGE_DELETE": self._deleted,
            "MESSAGE_DELETE_BULK": self._deleted,
            "MESSAGE_REACTION_ADD": self._reaction,
            "MESSAGE_REACTION_REMOVE": self._reaction,
        }

    def handle(self, handlers: Mapping[str, Handler]) -> None:
        """These events are handled there."""
        self._handlers = {**self._handlers, **handlers}

    def open(self) -> None:
        """Take from now on."""
        self._open = True
        self._lanes.open()

    async def close(self) -> None:
        """Take nothing new; returns when what is under way has ended, or takes too long."""
        self._open = False
        await self._lanes.close()
        await over(self._errands)

    def hear(self, frame: Frame) -> None:
        """Handle one event, or give it its place in line."""
        if not self._open or frame.t is None:
            return
        self._site.echoes.heard()
        handler = self._handlers.get(frame.t)
        if handler is not None:
            handler(frame)

    def errand(self, work: Coroutine[None, None, None], name: str) -> None:
        """Something that nobody waits for, until the desk stops."""
        task = begun(work, name)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def _interaction(self, frame: Frame) -> None:
        """Discord waits three seconds: it stands behind no line."""
        self.errand(self._used(_payload(frame)), "discord interaction")

    async def _used(self, payload: Payload) -> None:
        """What was said before in a thread that is behind comes first, if that takes no time.

        Else a line that was written while nobody held the conversation would be its new holder's.
        """
        with suppress(TimeoutError, StorageUnavailable):
            async with asyncio.timeout(_MOMENT):
                await self._gates.passed(ThreadRef(str(payload.get("channel_id") or "")))
        await self._surfaces.interaction(payload)

    # --- lines --------------------------------------------------------------------------------

    def _message(self, frame: Frame) -> None:
        message = read(frame.d, Message)
        if message is None:
            log.warning("unreadable_message", kind=frame.t)
        if message is None or message.guild_id != self._site.guild:
            return
        said = inbound.read(message, message.channel_id, self._site.me)
        is_new = frame.t == "MESSAGE_CREATE"
        if isinstance(said, OwnPost):
            if is_new:
                self._lines.own_post(said)
        elif said is not None and is_new:
            self._lanes.put(said.thread, partial(self._said, said, frame))
        elif said is not None and said.edit:  # link previews and pins change a message, too
            self._lanes.put(said.thread, partial(self._said, replace(said, did=Did.EDIT), frame))

    async def _said(self, said: Line, frame: Frame) -> None:
        if self._is_elsewhere(said.thread):
            await self._elsewhere(said, frame)
            return
        thread = await self.orphans.find(said.thread, said.id)
        if thread is None:
            await self._elsewhere(said, frame)
            return
        await self._gates.passed(thread.ref)
        await self._lines.hand_over(said, thread, _payload(frame))

    def _is_elsewhere(self, place: ThreadRef) -> bool:
        """Whether it is a room, or a thread that somebody else began."""
        server = self._site.server
        return server.is_room(place) or server.begun_by(place) not in ("", self._site.me.user)

    async def _elsewhere(self, said: Line, frame: Frame) -> None:
        """What is said elsewhere concerns us only as a command."""
        words = said.message.content
        if said.did is Did.POST and (words.startswith("!") or self._site.me.user in words):
            await self._lines.command(said, _payload(frame))

    def _deleted(self, frame: Frame) -> None:
        said = read(frame.d, Deleted)
        if said is None or said.guild_id != self._site.guild:
            return
        thread = ThreadRef(said.channel_id)
        for line in said.ids or (said.id,):
            self._lanes.put(thread, partial(self._gone, thread, line))

    async def _gone(self, ref: ThreadRef, line: str) -> None:
        thread = None if self._is_elsewhere(ref) else await self._site.threads.find(ref)
        if thread is None:
            return
        await self._gates.passed(ref)
        writer = self._lines.writer_of(ref, line)
        if writer:  # else nobody's whom we know: our own, another bot's, or one of long ago
            await self._lines.gone(thread, line, await self._site.people.user(writer))

    # --- reactions ----------------------------------------------------------------------------

    def _reaction(self, frame: Frame) -> None:
        said = read(frame.d, Reaction)
        if said is None or said.guild_id != self._site.guild or said.user_id == self._site.me.user:
            return
        self._lanes.put(said.channel_id, partial(self._reacted, said, frame))

    async def _reacted(self, said: Reaction, frame: Frame) -> None:
        ref = ThreadRef(said.channel_id)
        thread = None if self._is_elsewhere(ref) else await self._site.threads.find(ref)
        if thread is None:
            return
        await self._gates.passed(ref)
        people = self._site.people
        if said.member is not None and said.member.user is not None:
            user = await people.seen(said.member.user, said.member)
        else:
            user = await people.user(said.user_id)
        name = f"{self._session}:{frame.s}"
        removed = frame.t == "MESSAGE_REACTION_REMOVE"
        done = inbound.reacted(self._site.id, said, name, user, removed=removed)
        if done is not None and user.kind is not UserKind.BOT:
            await self._site.sink.accept(done)

    def session_is(self, id: str) -> None:
        """Events are numbered anew in each session."""
        self._session = id


def _payload(frame: Frame) -> Payload:
    payload = msgspec.json.decode(frame.d)
    return payload if isinstance(payload, dict) else {}
