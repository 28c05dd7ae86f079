"""Commands that people type in threads and rooms, and what they get who only say hello."""

import re

import structlog
from msgspec.structs import replace

from bridge.adapters.common import labels
from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.forms import asks_for_more
from bridge.adapters.common.spoken import (
    MENU,
    Typed,
    called_command,
    number_and_rest,
    typed_command,
)
from bridge.adapters.common.voice import Voice
from bridge.adapters.workspaces.discord.receiving.payloads import Message, Payload, message_of
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces.occasion import words
from bridge.adapters.workspaces.discord.surfaces.running import Runner, Where
from bridge.domain.card import CardAction
from bridge.domain.delivery import OfferedCommand
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import RoomRef, SourceKey, ThreadRef, WorkspaceUserId
from bridge.domain.text import plain
from bridge.locales import say
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
        self._eyes = eyes
        self._runner = runner
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
        if found is None or not (found.called or self._is_known(found)):
            return False
        user = await self._site.people.seen(said.author, said.member)
        where = await self._where(said)
        answer = await self._answer(found, where, user)
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

    def _is_known(self, found: Typed) -> bool:
        return found.command == MENU or found.command in self._site.commands

    async def _where(self, said: Message) -> Where:
        """The key is the line's own: as a command and as a line it is one thing."""
        thread = await self._site.threads.find(ThreadRef(said.channel_id))
        return Where(
            key=SourceKey(f"msg:{said.id}"),
            thread=None if thread is None else thread.ref,
            room=RoomRef(said.channel_id) if thread is None else thread.room,
        )

    async def _answer(self, found: Typed, where: Where, user: WorkspaceUser) -> Answer:
        number = await self._runner.number(where.thread)
        if found.command == MENU:
            return await self._menu(where, user, number)
        answer = await self._runner.run(where, user, found.command, text=found.text, number=number)
        return await self._with_form(answer, found, user)

    async def _with_form(self, answer: Answer, found: Typed, user: WorkspaceUser) -> Answer:
        """What was typed without what it needs: the form is a button away."""
        _, rest = number_and_rest(found.text)
        if answer.ok or answer.offers or rest or not asks_for_more(found.command, {}):
            return answer
        language = await self._eyes.language(user)
        form = OfferedCommand(command=found.command, label=labels.title(found.command, language))
        return replace(answer, offers=(form,))

    async def _menu(self, where: Where, user: WorkspaceUser, number: int | None) -> Answer:
        """The card's buttons, where the card has scrolled out of sight; help elsewhere."""
        if number is None or where.thread is None:
            return await self._runner.run(where, user, "help")
        actions = await self._eyes.actions(number, where.thread, user)
        language = await self._eyes.language(user)
        key = "workspace.form.menu_lead" if actions else "discord.sorry.no_conversation"
        return Answer(
            ok=bool(actions),
            code=MENU,
            text=plain(say(language, key)),
            offers=tuple(_offer(action, language) for action in actions),
        )


def _offer(action: CardAction, language: str) -> OfferedCommand:
    label = labels.action_label(action, language)
    return OfferedCommand(command=action.command, label=label, arguments=action.arguments)
