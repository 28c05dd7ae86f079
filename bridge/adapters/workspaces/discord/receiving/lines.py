"""Lines that people write, change and take back: from Discord to the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from bridge.adapters.common.downloads import Downloads, Loss
from bridge.adapters.common.progress import Progress
from bridge.adapters.common.recent import Recent
from bridge.adapters.common.standing import Standing
from bridge.adapters.common.threads import Thread
from bridge.adapters.common.voice import Voice
from bridge.adapters.workspaces.discord.people import names_of
from bridge.adapters.workspaces.discord.receiving import inbound
from bridge.adapters.workspaces.discord.receiving.inbound import Did, Line, Missing, OwnPost
from bridge.adapters.workspaces.discord.receiving.payloads import Attachment, Payload
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.text.reading import Names, mentioned, to_text
from bridge.domain.content import Content
from bridge.domain.delivery import Mark
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import ThreadRef, WorkspaceUserId
from bridge.domain.text import plain
from bridge.ports.channel import Accepted
from bridge.ports.commands import UserKind, WorkspaceUser

log = structlog.get_logger("bridge.discord")

UNREADABLE = "message_content"
"""The trouble of a bot that gets messages without what they say."""
HIDDEN = "Discord keeps from us what agents write"
TURN_ON = "switch on Message Content Intent under Bot at discord.com/developers/applications"


class Typing(Protocol):
    """Takes the commands that people type."""

    async def typed(self, message: Payload) -> bool:
        """Run a `!command` or a mention of the bot; false when the message is neither."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What of a line can cross, and what its writer is told about the rest."""

    content: Content
    mentions: bool
    untold: tuple[str, ...]


class Lines:
    """Hands over what happens to lines. What it raises was not taken, and is handed in again."""

    def __init__(
        self,
        site: Site,
        typing: Typing,
        voice: Voice,
        downloads: Downloads[Attachment],
        progress: Progress,
    ) -> None:
        """Nothing has come yet."""
        self._site = site
        self._typing = typing
        self._voice = voice
        self._downloads = downloads
        self._progress = progress
        self._ran: Recent[bool] = Recent()
        self._told: Recent[bool] = Recent()
        self._writers: Recent[str] = Recent()
        self._edits: Recent[datetime] = Recent()

    @property
    def _standing(self) -> Standing:
        return self._site.standing

    def own_post(self, post: OwnPost) -> None:
        """A post of ours came back: it settles doubts and proves that we hear."""
        self._site.echoes.saw(post.nonce, post.thread, post.id)

    async def command(self, said: Line, payload: Payload) -> bool:
        """Whether the line was a command; it is run once, however often it is seen."""
        if self._ran.get(said.id) is None:
            self._ran.put(said.id, await self._typing.typed(payload))
        return self._ran.get(said.id) is True

    async def hand_over(self, said: Line, thread: Thread, payload: Payload) -> Accepted:
        """Give the desk a person's line of a thread of ours, or run it where it is a command."""
        user = await self._site.people.seen(said.author, said.member)
        self._writers.put(said.id, user.id)
        if user.kind is UserKind.BOT:
            return Accepted()
        if said.did is Did.EDIT:
            return await self._edited(said, user)
        if await self.command(said, payload):
            self._progress.wrote(thread.ref, said.id, user.id)
            return Accepted()
        return await self._posted(said, thread, user)

    async def _posted(self, said: Line, thread: Thread, user: WorkspaceUser) -> Accepted:
        told = await self._read(said)
        accepted = Accepted()
        if told.content != Content():
            accepted = await self._site.sink.accept(
                inbound.posted(self._site.id, said, user, told.content, mentions=told.mentions)
            )
        self._progress.wrote(thread.ref, said.id, user.id)
        if not accepted.duplicate:
            self._is_as_of(said)
        if told.untold and not accepted.duplicate:
            await self._tell(said, told.untold)
        return accepted

    async def _edited(self, said: Line, user: WorkspaceUser) -> Accepted:
        if self._is_old(said):
            return Accepted(duplicate=True)
        told = await self._read(said)
        if told.content == Content():
            await self._tell(said, told.untold)
            return Accepted()
        accepted = await self._site.sink.accept(
            inbound.edited(self._site.id, said, user, told.content, mentions=told.mentions)
        )
        self._is_as_of(said)
        return accepted

    def _is_as_of(self, said: Line) -> None:
        """The desk has the line as it was then."""
        if said.edited_at is not None:
            self._edits.put(said.id, said.edited_at)

    def _is_old(self, said: Line) -> bool:
        """Whether the desk has it as it was made later: the history is ahead of what waits."""
        last = self._edits.get(said.id)
        return last is not None and said.edited_at is not None and said.edited_at <= last

    def writer_of(self, thread: ThreadRef, line: str) -> str:
        """Who wrote a line; empty where we do not know it any more."""
        lines = self._progress.of(thread).lines
        kept = next((each.user for each in lines if each.line == line), "")
        return kept or self._writers.get(line) or ""

    async def gone(self, thread: Thread, line: str, user: WorkspaceUser) -> Accepted:
        """A line is not there any more."""
        accepted = await self._site.sink.accept(
            inbound.deleted(self._site.id, thread.ref, line, user)
        )
        self._progress.gone(thread.ref, line)
        return accepted

    # --- what a line says ---------------------------------------------------------------------

    async def _read(self, said: Line) -> Said:
        message, server = said.message, self._site.server
        found = mentioned(message.content)
        names = Names(
            users=names_of(message.mentions),
            roles={role: server.role_name(role) for role in found.roles},
            rooms={room: server.room_name(room) for room in found.rooms},
        )
        taken = await self._downloads.take(message.attachments)
        missing = inbound.missing(message)
        self._can_read(missing)
        return Said(
            content=Content(text=to_text(message.content, names), files=taken.files),
            mentions=found.any or message.mention_everyone,
            untold=(*self._missing(missing), *self._lost(taken.lost)),
        )

    def _can_read(self, missing: tuple[Missing, ...]) -> None:
        if Missing.UNREADABLE in missing:
            self._standing.wrong(UNREADABLE, HIDDEN, TURN_ON)
        elif not missing:
            self._standing.right(UNREADABLE)

    def _missing(self, missing: tuple[Missing, ...]) -> list[str]:
        return [self._site.say(f"discord.line.{each.value}") for each in missing]

    def _lost(self, lost: tuple[tuple[str, Loss], ...]) -> list[str]:
        return [self._site.say(f"discord.files.{why.value}", name=name) for name, why in lost]

    async def _tell(self, said: Line, words: tuple[str, ...]) -> None:
        """Mark the line and say why; best effort, for the line itself has been taken."""
        if self._told.get(said.id) is not None:
            return
        self._told.put(said.id, True)
        try:
            await self._voice.mark(said.thread, said.id, Mark.NOT_CROSSED, False)
            await self._voice.whisper(
                WorkspaceUserId(said.author.id),
                said.thread,
                plain("\n".join(words)),
                (),
                f"missing:{said.id}",
            )
        except DeskbridgeError as error:
            log.warning("loss_not_told", why=str(error))
