"""A form that was sent becomes a command, its next page, or a list."""

from collections.abc import Mapping

from msgspec.structs import replace

from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.downloads import Downloads, Taken
from bridge.adapters.common.forms import VALUE, spoken_form
from bridge.adapters.workspaces.discord.custom_ids import FORM, PAGE, Pressed
from bridge.adapters.workspaces.discord.receiving.payloads import Attachment
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces import answers
from bridge.adapters.workspaces.discord.surfaces.flow import Flow
from bridge.adapters.workspaces.discord.surfaces.forms import STEP, page_of_values, step_of
from bridge.adapters.workspaces.discord.surfaces.looking_up import LookingUp
from bridge.adapters.workspaces.discord.surfaces.reply import Reply
from bridge.domain.template import Template, file_value
from bridge.domain.text import plain
from bridge.locales import say
from bridge.ports.commands import Answer, WorkspaceUser


class Submitting:
    """Runs what was filled in."""

    def __init__(
        self, site: Site, eyes: DeskEyes, flow: Flow, downloads: Downloads[Attachment]
    ) -> None:
        """Nothing was sent yet."""
        self._downloads = downloads
        self._site = site
        self._eyes = eyes
        self._flow = flow
        self._looking = LookingUp(site, eyes)

    async def sent(self, reply: Reply, user: WorkspaceUser, form: Pressed) -> None:
        """What becomes of a form."""
        await reply.think()
        filled = replace(form, arguments=with_fields(form.arguments, reply.occasion.options))
        for name, file in reply.occasion.files.items():
            taken = await self._downloads.take((file,))
            if taken.lost:
                await self._lost(reply, user, filled, taken)
                return
            filled.arguments[name] = file_value(taken.files[0])
        if form.command == "conversations":
            await self._flow.go(reply, user, replace(filled, kind=PAGE))
            return
        if await self._goes_on(reply, user, filled):
            return
        said = replace(filled, arguments=_without(filled.arguments, STEP))
        arguments = spoken_form(said.command, said.arguments)
        answer = await self._flow.answer_to(reply, user, said, arguments)
        await self._flow.refused(reply, user, answer, said)

    async def _lost(self, reply: Reply, user: WorkspaceUser, form: Pressed, taken: Taken) -> None:
        """A file that did not come keeps nothing else from being sent: the form is there again."""
        (name, loss), *_ = taken.lost
        said = say(await self._eyes.language(user), f"discord.files.{loss}", name=name)
        answer = Answer(ok=False, code=f"file_{loss}", text=plain(said))
        await self._flow.refused(reply, user, answer, form)

    async def _goes_on(self, reply: Reply, user: WorkspaceUser, filled: Pressed) -> bool:
        """A template with more variables than a form has fields is filled in page by page."""
        template = await self._looking.template(filled, user)
        following = step_of(filled) + 1
        if template is None or not page_of_values(template, following):
            return False
        onward = Pressed(
            kind=FORM,
            command=filled.command,
            number=filled.number,
            arguments=filled.arguments | {STEP: str(following)},
        )
        language = await self._eyes.language(user)
        view = answers.going_on(
            onward, _done(template, filled), len(template.variables()), language, self._site.kept.id
        )
        await reply.tell(user, view, answers.sorry_text("outdated", language))
        return True


def with_fields(given: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    """What was said already, with what stands in the fields now; an empty field takes it back."""
    return {name: value for name, value in {**given, **fields}.items() if value}


def _done(template: Template, filled: Pressed) -> int:
    return sum(bool(filled.arguments.get(f"{VALUE}{name}")) for name in template.variables())


def _without(given: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in given.items() if key != name}
