"""Commands that people type in threads and rooms, and what they get who only say hello."""

from msgspec.structs import replace

from bridge.adapters.common import labels
from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.forms import asks_for_more
from bridge.adapters.common.spoken import MENU, Typed, number_and_rest
from bridge.adapters.workspaces.slack.receiving.payloads import Message, Payload, message_of
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.surfaces.answers import Answers
from bridge.adapters.workspaces.slack.surfaces.occasion import Occasion
from bridge.adapters.workspaces.slack.surfaces.running import Runner
from bridge.adapters.workspaces.slack.surfaces.spoken import typed
from bridge.domain.card import CardAction
from bridge.domain.delivery import OfferedCommand
from bridge.domain.ids import SourceKey
from bridge.domain.text import plain
from bridge.locales import say
from bridge.ports.commands import Answer, WorkspaceUser


class Typing:
    """Runs a `!command`, and whatever begins with a mention of the app."""

    def __init__(self, site: Site, eyes: DeskEyes, runner: Runner, answers: Answers) -> None:
        """Nobody has typed yet."""
        self._site = site
        self._eyes = eyes
        self._runner = runner
        self._answers = answers

    async def typed(self, message: Payload) -> bool:
        """False when the message is neither; a `!word` that we do not know is the desk's."""
        said = message_of(message)
        if said is None or said.user is None:
            return False
        found = typed(said.text or "", self._site.me.user)
        if found is None or not (found.called or self._is_known(found)):
            return False
        occasion = self._occasion(said, said.user)
        user = await self._runner.user(occasion)
        number = await self._runner.number(occasion)
        if found.command == MENU:
            answer = await self._menu(occasion, user, number)
        else:
            answer = await self._runner.run(
                occasion, user, found.command, text=found.text, number=number
            )
            answer = await self._with_form(answer, found, user)
        self._answers.tell(occasion, user, answer, found.command, number)
        return True

    def _is_known(self, found: Typed) -> bool:
        return found.command == MENU or found.command in self._site.commands

    def _occasion(self, said: Message, user: str) -> Occasion:
        """The key is the line's own: as a command and as a line it is one thing."""
        return Occasion(
            user=user,
            key=SourceKey(f"msg:{self._site.me.team}:{said.channel}:{said.ts}"),
            channel=said.channel,
            root=said.thread_ts or "",
            in_thread=said.thread_ts is not None,
        )

    async def _with_form(self, answer: Answer, found: Typed, user: WorkspaceUser) -> Answer:
        """What was typed without what it needs: the form is a button away."""
        _, rest = number_and_rest(found.text)
        if answer.ok or answer.offers or rest or not asks_for_more(found.command, {}):
            return answer
        language = await self._eyes.language(user)
        form = OfferedCommand(command=found.command, label=labels.title(found.command, language))
        return replace(answer, offers=(form,))

    async def _menu(self, occasion: Occasion, user: WorkspaceUser, number: int | None) -> Answer:
        """The card's buttons, where the card has scrolled out of sight; help elsewhere."""
        if number is None or occasion.thread is None:
            return await self._runner.run(occasion, user, "help")
        actions = await self._eyes.actions(number, occasion.thread, user)
        language = await self._eyes.language(user)
        key = "workspace.form.menu_lead" if actions else "slack.sorry.no_conversation"
        return Answer(
            ok=bool(actions),
            code=MENU,
            text=plain(say(language, key)),
            offers=tuple(_offer(action, language) for action in actions),
        )


def _offer(action: CardAction, language: str) -> OfferedCommand:
    return OfferedCommand(
        command=action.command,
        label=labels.action_label(action, language),
        arguments=action.arguments,
    )
