"""What becomes of a command that somebody typed: it is run, or brings the buttons it needs."""

from collections.abc import Container

from msgspec.structs import replace

from bridge.adapters.common import labels
from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.forms import asks_for_more
from bridge.adapters.common.running import Runner, Where
from bridge.adapters.common.spoken import MENU, Typed, number_and_rest
from bridge.domain.card import CardAction
from bridge.domain.delivery import OfferedCommand
from bridge.domain.text import plain
from bridge.locales import say
from bridge.ports.commands import Answer, WorkspaceUser


class TypedCommands:
    """Answers `!command`, and whatever begins with a mention of us."""

    def __init__(self, eyes: DeskEyes, runner: Runner, nowhere: str) -> None:
        """`nowhere` is the catalogue's word for a place that belongs to no conversation."""
        self._eyes = eyes
        self._runner = runner
        self._nowhere = nowhere

    async def answer(
        self, found: Typed, where: Where, user: WorkspaceUser, number: int | None
    ) -> Answer:
        """Run it. Raises what the desk raises: then it was not run."""
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
        return Answer(
            ok=bool(actions),
            code=MENU,
            text=plain(say(language, "workspace.form.menu_lead" if actions else self._nowhere)),
            offers=tuple(_offer(action, language) for action in actions),
        )


def is_meant(found: Typed, commands: Container[str]) -> bool:
    """Whether it is for us; a `!word` that we do not know is the desk's."""
    return found.called or found.command == MENU or found.command in commands


def _offer(action: CardAction, language: str) -> OfferedCommand:
    label = labels.action_label(action, language)
    return OfferedCommand(command=action.command, label=label, arguments=action.arguments)
