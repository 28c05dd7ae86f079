"""From what was pressed to what is shown: a form, a list, a question, or the desk's answer."""

import asyncio
from collections.abc import Mapping

from msgspec.structs import replace

from bridge.adapters.common import labels
from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.forms import VALUE
from bridge.adapters.common.running import Runner
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import FORM, Pressed
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces import answers, asking, forms
from bridge.adapters.workspaces.discord.surfaces.lists import Lists
from bridge.adapters.workspaces.discord.surfaces.looking_up import LookingUp, too_many
from bridge.adapters.workspaces.discord.surfaces.reply import Reply
from bridge.adapters.workspaces.discord.surfaces.running import where_of
from bridge.adapters.workspaces.discord.surfaces.waits import Waits
from bridge.adapters.workspaces.discord.surfaces.wanted import Wanted, wanted
from bridge.domain.delivery import OfferedCommand
from bridge.domain.ids import ThreadRef
from bridge.domain.text import plain
from bridge.locales import say
from bridge.ports.commands import Answer, WorkspaceUser


class Flow:
    """Goes on from one thing that was pressed, for one person."""

    def __init__(self, site: Site, eyes: DeskEyes, runner: Runner, waits: Waits) -> None:
        """For this workspace."""
        self._site = site
        self._waits = waits
        self._eyes = eyes
        self._runner = runner
        self._looking = LookingUp(site, eyes)
        self._lists = Lists(site, eyes)

    async def go(
        self, reply: Reply, user: WorkspaceUser, pressed: Pressed, *, typed: bool = False
    ) -> None:
        """Do what comes next. Raises what the desk raises."""
        match wanted(pressed, self._looking.spec(pressed.command), typed=typed):
            case Wanted.RUN:
                await self.run(reply, user, pressed, pressed.arguments)
            case Wanted.FORM:
                await self.form(reply, user, pressed)
            case Wanted.BOARD:
                await self._board(reply, user, pressed)
            case Wanted.CONVERSATION:
                await self._which(reply, user, pressed)
            case Wanted.LEVEL:
                await self._level(reply, user, pressed)
            case Wanted.TICKET:
                await self._tickets(reply, user, pressed)
            case Wanted.TEMPLATE:
                await self._template(reply, user, pressed)

    # --- the desk's answer --------------------------------------------------------------------

    async def run(
        self, reply: Reply, user: WorkspaceUser, pressed: Pressed, arguments: Mapping[str, str]
    ) -> None:
        """Run the command and bring its answer."""
        answer = await self.answer_to(reply, user, pressed, arguments)
        ways: list[Json] = []
        if answer.ok and pressed.command == "take" and reply.occasion.thread is None:
            ways = await self._lists.way_to(user, pressed.number or 0)
        await self.answer(reply, user, answer, pressed.number, *ways)

    async def answer_to(
        self, reply: Reply, user: WorkspaceUser, pressed: Pressed, arguments: Mapping[str, str]
    ) -> Answer:
        """What the desk says; its reader is told when that takes long."""
        await reply.think()
        asked = self._runner.run(
            where_of(reply.occasion),
            user,
            pressed.command,
            arguments=arguments,
            number=pressed.number,
        )
        running = asyncio.ensure_future(asked)
        try:
            done, _ = await asyncio.wait({running}, timeout=self._waits.answer)
            if not done:
                language = await self._site.people.locale(user.id) or self._site.language
                await reply.show(answers.sorry("slow", language))
            return await running
        finally:
            running.cancel()

    async def answer(
        self, reply: Reply, user: WorkspaceUser, answer: Answer, number: int | None, *ways: Json
    ) -> None:
        """Bring him the answer; one that was given before has no words."""
        if not answer.text:
            await reply.drop()
            return
        view = answers.shown(answer, number, self._site.kept.id, *ways)
        await reply.tell(user, view, answer.text, answer.offers)

    async def refused(
        self, reply: Reply, user: WorkspaceUser, answer: Answer, form_: Pressed
    ) -> None:
        """A question goes on with its buttons; a plain refusal leads back into the form."""
        if answer.ok or answer.offers or not answer.text:
            await self.answer(reply, user, answer, form_.number)
            return
        language = await self._eyes.language(user)
        view = answers.refused(answer, replace(form_, kind=FORM), language, self._site.kept.id)
        await reply.tell(user, view, answer.text)

    # --- forms --------------------------------------------------------------------------------

    async def form(self, reply: Reply, user: WorkspaceUser, pressed: Pressed) -> None:
        """Open the form of a command; to who may not see it, the desk's refusal."""
        facts = await self._looking.facts(pressed, user)
        is_lost = pressed.command == "template" and facts is not None and facts.template is None
        if facts is None or is_lost:
            await self.run(reply, user, pressed, pressed.arguments)
            return
        modal = forms.form(pressed, facts, self._site.kept.id)
        await self._site.kept.save()
        if await reply.form(modal):
            return
        again = answers.reopening(
            pressed, "discord.sorry.form_slow", facts.language, self._site.kept.id
        )
        offer = OfferedCommand(
            command=pressed.command,
            label=labels.title(pressed.command, facts.language),
            arguments=pressed.arguments,
        )
        said = plain(say(facts.language, "discord.sorry.form_slow"))
        await reply.tell(user, again, said, (offer,))

    # --- asked in a message -------------------------------------------------------------------

    async def _show(self, reply: Reply, user: WorkspaceUser, view: Json) -> None:
        lost = answers.sorry_text("outdated", await self._eyes.language(user))
        await reply.tell(user, view, lost)

    async def _board(self, reply: Reply, user: WorkspaceUser, pressed: Pressed) -> None:
        await reply.think()
        view = await self._lists.board(user, pressed)
        if view is None:
            await self.run(reply, user, pressed, pressed.arguments)
            return
        await self._show(reply, user, view)

    async def _which(self, reply: Reply, user: WorkspaceUser, pressed: Pressed) -> None:
        """About which conversation: those that he may name, if there are any."""
        await reply.think()
        known = await self._looking.conversations(pressed.command, user)
        if not known:
            await self.run(reply, user, pressed, pressed.arguments)
            return
        language = await self._eyes.language(user)
        view = asking.which_conversation(pressed, known, language, self._site.kept.id)
        await self._show(reply, user, view)

    async def _level(self, reply: Reply, user: WorkspaceUser, pressed: Pressed) -> None:
        await reply.think()
        facts = await self._looking.facts(pressed, user)
        if facts is None:
            await self.run(reply, user, pressed, pressed.arguments)
            return
        await self._show(reply, user, asking.priorities(pressed, facts, self._site.kept.id))

    async def _tickets(self, reply: Reply, user: WorkspaceUser, pressed: Pressed) -> None:
        """The contact's cases; the form at once where there is none yet."""
        known = await self._looking.tickets(pressed.number or 0, user)
        if not known:
            await self.form(reply, user, pressed)
            return
        await reply.think()
        language = await self._eyes.language(user)
        view = asking.tickets(pressed, known, language, self._site.kept.id)
        await self._show(reply, user, view)

    async def _template(self, reply: Reply, user: WorkspaceUser, pressed: Pressed) -> None:
        """Which one, then its variables, then the desk's question whether to send it so."""
        if pressed.arguments.get("template"):
            template = await self._looking.template(pressed, user)
            lacks = template is not None and any(
                not pressed.arguments.get(f"{VALUE}{name}") for name in template.variables()
            )
            if lacks:
                await self.form(reply, user, pressed)
            else:
                await self.run(reply, user, pressed, pressed.arguments)
            return
        await reply.think()
        known = await self._looking.templates(pressed, user)
        if not known.templates:
            await self.run(reply, user, pressed, pressed.arguments)
            return
        language = await self._eyes.language(user)
        view = asking.templates(pressed, known, too_many(known), language, self._site.kept.id)
        await self._show(reply, user, view)

    async def menu(self, reply: Reply, user: WorkspaceUser, number: int, thread: ThreadRef) -> None:
        """The buttons of a conversation's card, where the card is out of sight."""
        await reply.think()
        view = await self._lists.menu(user, number, thread)
        if view is None:
            language = await self._eyes.language(user)
            view = answers.sorry("no_conversation", language)
        await self._show(reply, user, view)
