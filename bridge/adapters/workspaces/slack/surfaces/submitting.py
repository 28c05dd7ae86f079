"""A form that was sent becomes a command; what the desk says of it goes back into the form."""

from collections.abc import Mapping

from msgspec.structs import replace

from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.downloads import Downloads
from bridge.adapters.common.filters import read_filter
from bridge.adapters.common.forms import number_in, spoken_form
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.receiving.payloads import Payload, SlackFile
from bridge.adapters.workspaces.slack.surfaces.answers import Answers
from bridge.adapters.workspaces.slack.surfaces.occasion import Occasion
from bridge.adapters.workspaces.slack.surfaces.opening import Opening
from bridge.adapters.workspaces.slack.surfaces.results import errors, result
from bridge.adapters.workspaces.slack.surfaces.running import Runner
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet, filled, shared
from bridge.domain.template import file_value
from bridge.domain.text import plain
from bridge.locales import say
from bridge.ports.clock import Clock
from bridge.ports.commands import Answer, WorkspaceUser

_CLEAR: Json = {"response_action": "clear"}


class Submitting:
    """Runs what was filled in."""

    def __init__(
        self,
        eyes: DeskEyes,
        runner: Runner,
        opening: Opening,
        answers: Answers,
        downloads: Downloads[SlackFile],
        clock: Clock,
    ) -> None:
        """Nothing was sent yet."""
        self._clock = clock
        self._downloads = downloads
        self._eyes = eyes
        self._runner = runner
        self._opening = opening
        self._answers = answers

    def sheet_of(self, sheet: Sheet, fields: dict[str, str]) -> Sheet:
        """The sheet with what stands in the fields now."""
        number = number_in(fields.get("conversation", ""))
        given = sheet.arguments | fields
        return replace(
            sheet,
            number=sheet.number if number is None else number,
            arguments={
                name: value for name, value in given.items() if value and name != "conversation"
            },
        )

    async def sent(self, occasion: Occasion, view: Payload) -> Json | None:
        """What becomes of the form: closed, its errors, or another view in its place."""
        user = await self._runner.user(occasion)
        sheet = self.sheet_of(occasion.sheet or Sheet(), filled(view))
        if sheet.command == "conversations":
            return await self._listed(occasion, user, sheet, view)
        if sheet.command == "events":
            return await self._shown(user, sheet)
        files = shared(view)
        if files:  # they may take longer than Slack waits for its answer
            self._answers.later(self._with_files(occasion, user, sheet, files))
            return _CLEAR
        answer = await self._run(occasion, user, sheet)
        if answer.ok or not answer.text:
            told = replace(occasion, view="", sheet=sheet)
            self._answers.tell(told, user, answer, sheet.command)
            return _CLEAR
        return await self._refused(answer, sheet, view, user)

    async def _with_files(
        self,
        occasion: Occasion,
        user: WorkspaceUser,
        sheet: Sheet,
        files: Mapping[str, tuple[SlackFile, ...]],
    ) -> None:
        """Take the files in, then run the command; what becomes of it is told privately."""
        told = replace(occasion, view="", sheet=sheet)
        given = dict(sheet.arguments)
        for name, each in files.items():
            taken = await self._downloads.take(each)
            for lost, loss in taken.lost:
                language = await self._eyes.language(user)
                said = plain(say(language, f"slack.files.{loss}", name=lost))
                answer = Answer(ok=False, code=f"file_{loss}", text=said)
                self._answers.tell(told, user, answer, sheet.command)
                return
            for file in taken.files:
                given[name] = file_value(file)
        answer = await self._run(occasion, user, replace(sheet, arguments=given))
        self._answers.tell(told, user, answer, sheet.command)

    async def _refused(
        self, answer: Answer, sheet: Sheet, view: Payload, user: WorkspaceUser
    ) -> Json:
        """A question, or ways on, take the form's place; a plain refusal shows in it."""
        shown = None if answer.offers else errors(answer, sheet, view)
        if shown is not None:
            return shown
        language = await self._eyes.language(user)
        return {"response_action": "update", "view": result(answer, sheet, language)}

    async def _run(self, occasion: Occasion, user: WorkspaceUser, sheet: Sheet) -> Answer:
        about = replace(occasion, sheet=sheet)
        if sheet.text:
            text = f"#{sheet.number} {sheet.text}" if sheet.number is not None else sheet.text
            return await self._runner.run(about, user, sheet.command, text=text)
        return await self._runner.run(
            about,
            user,
            sheet.command,
            arguments=spoken_form(sheet.command, sheet.arguments),
            number=sheet.number,
        )

    async def _listed(
        self, occasion: Occasion, user: WorkspaceUser, sheet: Sheet, view: Payload
    ) -> Json:
        """Rows with their buttons; a filter that only the command understands gives its words."""
        language = await self._eyes.language(user)
        wanted = read_filter(sheet.arguments, self._clock.now())
        if wanted is None:
            answer = await self._run(occasion, user, sheet)
            if not answer.ok:
                return await self._refused(answer, sheet, view, user)
            return {"response_action": "update", "view": result(answer, sheet, language)}
        shown = await self._opening.conversations(user, sheet, wanted, language)
        return {"response_action": "update", "view": shown}

    async def _shown(self, user: WorkspaceUser, sheet: Sheet) -> Json:
        language = await self._eyes.language(user)
        view = await self._opening.drawn_board(user, sheet, language)
        return {"response_action": "update", "view": view}
