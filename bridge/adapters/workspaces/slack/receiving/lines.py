"""Lines that people write, change and take back: from Slack to the desk, in order."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

import structlog

from bridge.adapters.common.downloads import Downloads, Loss
from bridge.adapters.common.gates import Gates
from bridge.adapters.common.progress import Progress
from bridge.adapters.common.threads import Thread
from bridge.adapters.common.turns import Turns
from bridge.adapters.common.voice import Voice
from bridge.adapters.workspaces.slack.blocks.outbound import THREAD_EVENT
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.receiving import inbound
from bridge.adapters.workspaces.slack.receiving.inbound import Did, Line, OwnPost
from bridge.adapters.workspaces.slack.receiving.payloads import (
    Payload,
    SlackFile,
    message_of,
    messages_of,
)
from bridge.adapters.workspaces.slack.receiving.room_book import RoomBook
from bridge.adapters.workspaces.slack.receiving.whereabouts import Whereabouts
from bridge.adapters.workspaces.slack.refs import line_id
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.text.markup import mentioned, to_text
from bridge.domain.content import Content
from bridge.domain.delivery import Mark
from bridge.domain.errors import (
    DeskbridgeError,
    Overloaded,
    StorageUnavailable,
    TemporaryFailure,
)
from bridge.domain.ids import ThreadRef, WorkspaceUserId
from bridge.domain.text import plain
from bridge.ports.channel import Accepted
from bridge.ports.commands import UserKind, WorkspaceUser

log = structlog.get_logger("bridge.slack")

_ADOPTED_WITHIN = 2.0
_LOOK_EVERY = 0.1
_REMEMBERED = 2_000


class Typing(Protocol):
    """Takes the commands that people type."""

    async def typed(self, message: Payload) -> bool:
        """Run a `!command` or a mention of the app; false when the message is neither."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """What lines are read and kept in order with.

    `rootless` are threads whose root was deleted, by somebody or by ourselves.
    """

    downloads: Downloads[SlackFile]
    gates: Gates
    progress: Progress
    where: Whereabouts
    rooms: RoomBook
    rootless: set[ThreadRef]


class Lines:
    """Hands over what happens to lines. What it raises was not taken, so Slack sends it again.

    Its thread is read before that: what is said in it meanwhile waits behind.
    """

    def __init__(self, site: Site, typing: Typing, voice: Voice, tools: Tools) -> None:
        """Nothing has come yet."""
        self._site = site
        self._typing = typing
        self._voice = voice
        self._downloads = tools.downloads
        self._gates = tools.gates
        self._progress = tools.progress
        self._where = tools.where
        self._rooms = tools.rooms
        self._rootless = tools.rootless
        self._turns = Turns()
        self._foreign: dict[str, None] = {}
        self._ran: dict[str, None] = {}

    async def happened(self, event: Payload) -> None:
        """A `message` event, or an `app_mention`, which comes beside one."""
        message = message_of(event)
        if message is None:
            log.warning("unreadable_message", subtype=event.get("subtype"))
            return
        root = inbound.deleted_root(message)
        if root is not None and await self._site.threads.find(root) is not None:
            self._rootless.add(root)
        said = inbound.read(message, self._site.me)
        match said:
            case OwnPost():
                self.own_post(said)
            case Line():
                await self._in_turn(said, event)
            case None:
                pass

    def own_post(self, post: OwnPost) -> None:
        """A post of ours came back: it settles doubts and proves that we hear."""
        self._where.saw(post.channel, post.ts, post.root)
        self._site.echoes.saw(post.key, post.channel, post.ts)

    async def _in_turn(self, said: Line, event: Payload) -> None:
        thread = said.thread
        position = str(event.get("event_ts", said.ts))
        async with self._turns.turn(thread or f"{said.channel}:{said.ts}", position):
            if thread is not None:
                await self._gates.passed(thread)
            try:
                await self._live(said, thread, event)
            except (StorageUnavailable, Overloaded, TemporaryFailure):
                # It comes again, but whoever writes on meanwhile would be quicker.
                if thread is not None:
                    self._site.behind(thread)
                raise

    async def _live(self, said: Line, thread: ThreadRef | None, event: Payload) -> None:
        if said.did is Did.POST and await self.command(said, event):
            if thread is not None and await self._site.threads.find(thread) is not None:
                self._progress.wrote(thread, said.ts, said.user)
            return
        if thread is None or event.get("type") == "app_mention":
            return
        ours = await self._ours(thread, said)
        if ours is not None:
            await self.hand_over(said, ours)

    async def command(self, said: Line, message: Payload) -> bool:
        """Whether the message was a command; it is run once, however often it is seen.

        It comes as a message, as a mention of the app, again after a lost ack, and in the history.
        """
        place = f"{said.channel}:{said.ts}"
        if place in self._ran:
            return True
        if not await self._typing.typed(message):
            return False
        _remember(self._ran, place)
        return True

    # --- whose thread -------------------------------------------------------------------------

    async def _ours(self, ref: ThreadRef, said: Line) -> Thread | None:
        """The thread, if it is one of ours.

        A root that we posted just before a crash is known again only when the desk has looked
        for it: a line under it is not taken before.
        """
        thread = await self._site.threads.find(ref)
        if thread is not None or not self._under_our_post(said) or ref in self._foreign:
            return thread
        if not await self._begins_a_thread(said):
            _remember(self._foreign, ref)
            return None
        return await self._adopted(ref)

    def _under_our_post(self, said: Line) -> bool:
        return said.message.parent_user_id == self._site.me.user

    async def _begins_a_thread(self, said: Line) -> bool:
        try:
            answer = await self._site.slack.call(
                "conversations.replies",
                channel=said.channel,
                ts=said.root,
                limit=1,
                include_all_metadata=True,
            )
        except SlackRefusal:
            return False
        root = next((message_of(each) for each in messages_of(answer)), None)
        metadata = None if root is None else root.metadata
        return metadata is not None and metadata.event_type == THREAD_EVENT

    async def _adopted(self, ref: ThreadRef) -> Thread:
        for _ in range(round(_ADOPTED_WITHIN / _LOOK_EVERY)):
            await asyncio.sleep(_LOOK_EVERY)
            thread = await self._site.threads.find(ref)
            if thread is not None:
                return thread
        raise StorageUnavailable(f"thread {ref} is being opened")

    # --- to the desk --------------------------------------------------------------------------

    async def hand_over(self, said: Line, thread: Thread) -> Accepted:
        """Give the desk what a person did to a line of a thread of ours."""
        user = await self._site.people.user(said.user)
        self._where.saw(said.channel, said.ts, said.root)
        if user.kind is UserKind.BOT:
            return Accepted()
        match said.did:
            case Did.POST:
                return await self._posted(said, thread, user)
            case Did.EDIT:
                return await self._edited(said, thread, user)
            case Did.DELETE:
                return await self.gone(thread, said.channel, said.ts, user)

    async def _posted(self, said: Line, thread: Thread, user: WorkspaceUser) -> Accepted:
        content, lost = await self._content(said)
        accepted = Accepted()
        if content != Content():
            event = inbound.posted(
                self._site.id,
                self._site.me.team,
                said,
                thread.ref,
                user,
                content,
                mentions=mentioned(said.message).any,
            )
            accepted = await self._site.sink.accept(event)
        self._progress.wrote(thread.ref, said.ts, said.user)
        if lost and not accepted.duplicate:
            await self._tell(said, thread, lost)
        return accepted

    async def _edited(self, said: Line, thread: Thread, user: WorkspaceUser) -> Accepted:
        content, _ = await self._content(said)
        event = inbound.edited(
            self._site.id,
            self._site.me.team,
            said,
            thread.ref,
            user,
            content,
            mentions=mentioned(said.message).any,
        )
        return await self._site.sink.accept(event)

    async def gone(self, thread: Thread, channel: str, ts: str, user: WorkspaceUser) -> Accepted:
        """A line is not there any more."""
        event = inbound.deleted(self._site.id, self._site.me.team, channel, ts, thread.ref, user)
        accepted = await self._site.sink.accept(event)
        self._progress.gone(thread.ref, ts)
        return accepted

    async def _content(self, said: Line) -> tuple[Content, tuple[tuple[str, Loss], ...]]:
        found = mentioned(said.message)
        names = await self._site.people.names(found.users) if found.users else {}
        names |= await self._rooms.names(found.rooms) if found.rooms else {}
        taken = await self._downloads.take(inbound.files_of(said.message))
        return Content(text=to_text(said.message, names), files=taken.files), taken.lost

    async def _tell(self, said: Line, thread: Thread, lost: tuple[tuple[str, Loss], ...]) -> None:
        """Mark the line and say why; best effort, for the line itself has been taken."""
        words = [self._site.say(f"slack.files.{why.value}", name=name) for name, why in lost]
        try:
            await self._voice.mark(thread.ref, line_id(said.ts), Mark.NOT_CROSSED, False)
            await self._voice.whisper(
                WorkspaceUserId(said.user),
                thread.ref,
                plain("\n".join(words)),
                (),
                f"files:{said.channel}:{said.ts}",
            )
        except DeskbridgeError as error:
            log.warning("loss_not_told", why=str(error))


def _remember(memory: dict[str, None], name: str) -> None:
    memory[name] = None
    while len(memory) > _REMEMBERED:
        del memory[next(iter(memory))]
