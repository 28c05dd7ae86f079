"""Commands that people type in threads and rooms, and what they get who only say hello."""

import re

import structlog
from msgspec.structs import replace

from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.running import Runner, Where
from bridge.adapters.common.spoken import (
    Typed,
    called_command,
    typed_command,
)
from bridge.adapters.common.typed_commands import TypedCommands, is_meant
from bridge.adapters.common.voice import Voice
from bridge.adapters.workspaces.discord.receiving.payloads import Message, Payload, message_of
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces.occasion import words
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import RoomRef, SourceKey, ThreadRef, WorkspaceUserId
from bridge.ports.commands import Answer, WorkspaceUser

log = structlog.get_logger("bridge.discord")

_CALLED = re.compile(r"\s*<@(!|&)?(\d+)>[\s:,]*(.*)", re.DOTALL)


def typed(text: str, me: str, my_roles: frozenset[str]) -> Typed | None:
    """The command that a message is; None for a plain line.

    Who writes `@Deskbridge` may have chosen the bot, or the role that Discord made for it.
    """
    called = _CALLED.fullmatch(text)
    mine = called is not None and (called[2] == me or (called[1] == "&" and called[2] in my_roles))
    if called is not None and mine:
        found: Typed | None = called_command(called[3])
    else:
        found = typed_command(text)
    return None if found is None else replace(found, text=words(found.text))


class Typing:
    """Runs a `!command`, and whatever begins with a mention of the bot."""

    def __init__(self, site: Site, eyes: DeskEyes, runner: Runner, voice: Voice) -> None:
        """Nobody has typed yet."""
        self._site = site
        self._runner = runner
        self._commands = TypedCommands(eyes, runner, "discord.sorry.no_conversation")
        self._voice = voice

    async def typed(self, payload: Payload) -> bool:
        """False when the message is neither; a `!word` that we do not know is the desk's.

        Raises what the desk raises: then it was not run.
        """
        said = message_of(payload)
        if said is None or said.author is None or said.author.bot:
            return False
        me = self._site.me
        found = typed(said.content, me.user, self._site.server.roles_called((me.name,)))
        if found is None or not is_meant(found, self._site.commands):
            return False
        user = await self._site.people.seen(said.author, said.member)
        where = await self._where(said)
        number = await self._runner.number(where.thread)
        answer = await self._commands.answer(found, where, user, number)
        if answer.text:
            await self._tell(where, user, answer)
        return True

    async def _tell(self, where: Where, user: WorkspaceUser, answer: Answer) -> None:
        """What was asked has been done: an answer that Discord does not take is lost."""
        to = WorkspaceUserId(user.id)
        key = f"answer:{where.key}"
        try:
            await self._voice.whisper(to, where.thread, answer.text, answer.offers, key)
        except DeskbridgeError as error:
            log.warning("answer_lost", why=str(error))

    async def _where(self, said: Message) -> Where:
        """The key is the line's own: as a command and as a line it is one thing."""
        thread = await self._site.threads.find(ThreadRef(said.channel_id))
        return Where(
            key=SourceKey(f"msg:{said.id}"),
            thread=None if thread is None else thread.ref,
            room=RoomRef(said.channel_id) if thread is None else thread.room,
        )
