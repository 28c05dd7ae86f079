"""Commands that people type in threads and rooms, and what they get who only say hello."""

from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.typed_commands import TypedCommands, is_meant
from bridge.adapters.workspaces.slack.receiving.payloads import Message, Payload, message_of
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.surfaces.answers import Answers
from bridge.adapters.workspaces.slack.surfaces.occasion import Occasion
from bridge.adapters.workspaces.slack.surfaces.running import Runner, where_of
from bridge.adapters.workspaces.slack.surfaces.spoken import typed
from bridge.domain.ids import SourceKey


class Typing:
    """Runs a `!command`, and whatever begins with a mention of the app."""

    def __init__(self, site: Site, eyes: DeskEyes, runner: Runner, answers: Answers) -> None:
        """Nobody has typed yet."""
        self._site = site
        self._runner = runner
        self._commands = TypedCommands(eyes, runner.desk, "slack.sorry.no_conversation")
        self._answers = answers

    async def typed(self, message: Payload) -> bool:
        """False when the message is neither; a `!word` that we do not know is the desk's."""
        said = message_of(message)
        if said is None or said.user is None:
            return False
        found = typed(said.text or "", self._site.me.user)
        if found is None or not is_meant(found, self._site.commands):
            return False
        occasion = self._occasion(said, said.user)
        user = await self._runner.user(occasion)
        number = await self._runner.number(occasion)
        answer = await self._commands.answer(found, where_of(occasion), user, number)
        self._answers.tell(occasion, user, answer, found.command, number)
        return True

    def _occasion(self, said: Message, user: str) -> Occasion:
        """The key is the line's own: as a command and as a line it is one thing."""
        return Occasion(
            user=user,
            key=SourceKey(f"msg:{self._site.me.team}:{said.channel}:{said.ts}"),
            channel=said.channel,
            root=said.thread_ts or "",
            in_thread=said.thread_ts is not None,
        )
