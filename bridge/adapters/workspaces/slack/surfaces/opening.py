"""Gathers what a modal needs to be drawn, and shows it."""

from msgspec.structs import replace

from bridge.adapters.common.choices import Choice
from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.forms import chosen
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.surfaces import boards
from bridge.adapters.workspaces.slack.surfaces.forms import Facts, form
from bridge.adapters.workspaces.slack.surfaces.modals import Modals
from bridge.adapters.workspaces.slack.surfaces.occasion import Occasion
from bridge.adapters.workspaces.slack.surfaces.results import result, sorry
from bridge.adapters.workspaces.slack.surfaces.running import Runner
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet
from bridge.domain.card import CardAction, ConversationCard
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.ports.commands import ArgumentKind, CommandSpec, WorkspaceUser
from bridge.ports.queries import Choices, ConversationFilter, Home


class Opening:
    """Opens forms and boards."""

    def __init__(self, site: Site, eyes: DeskEyes, modals: Modals, runner: Runner) -> None:
        """For this workspace."""
        self._site = site
        self._eyes = eyes
        self._modals = modals
        self._runner = runner

    def sheet(self, occasion: Occasion, command: str, number: int | None, **more: object) -> Sheet:
        """What the modal for this command has to remember."""
        return Sheet(
            command=command,
            number=number,
            channel=occasion.channel,
            root=occasion.root,
            in_thread=occasion.in_thread,
            **more,  # type: ignore[arg-type]  # the caller names fields of a sheet
        )

    async def form(self, occasion: Occasion, user: WorkspaceUser, sheet: Sheet) -> bool:
        """The form of a command; false when Slack opens none any more."""
        language = await self._eyes.language(user)

        async def make() -> Json:
            return await self.drawn(occasion, user, sheet, language)

        return await self._modals.show(occasion, sheet, language, make)

    async def drawn(
        self, occasion: Occasion, user: WorkspaceUser, sheet: Sheet, language: str
    ) -> Json:
        """The form with everything that it needs; for who may not see it, the desk's refusal."""
        spec = self._site.commands.get(sheet.command) or CommandSpec(name=sheet.command)
        card: ConversationCard | None = None
        if spec.in_thread and sheet.number is not None:
            view = await self._eyes.conversation(sheet.number, user)
            if view is None:
                return await self._refused(occasion, user, sheet, language)
            card = view.card
        home = await self._eyes.home(user)
        if home is None:
            return await self._refused(occasion, user, sheet, language)
        preselected = None
        if spec.in_thread and sheet.number is None:
            preselected, any_at_all = await self._conversations(user, home)
            if not any_at_all and sheet.command != "template":
                return sorry("nothing_held", sheet, language)
        templates = await self._templates(user, sheet)
        facts = Facts(
            spec=spec,
            language=language,
            card=card,
            preselected=preselected,
            template=await self._template(user, sheet, templates),
            templates=templates,
            tickets=await self._tickets(user, sheet),
            held=len(home.holding),
        )
        return form(sheet, facts)

    async def _refused(
        self, occasion: Occasion, user: WorkspaceUser, sheet: Sheet, language: str
    ) -> Json:
        answer = await self._runner.run(occasion, user, sheet.command, number=sheet.number)
        return result(self._site.named(answer, occasion.in_thread), sheet, language)

    async def _conversations(self, user: WorkspaceUser, home: Home) -> tuple[Choice | None, bool]:
        """The only conversation that he holds, or can name at all; and whether there are any."""
        if len(home.holding) == 1:
            only = home.holding[0]
            return Choice(value=f"#{only.number}", label=f"#{only.number} {only.customer}"), True
        found = await self._eyes.choices(ArgumentKind.CONVERSATION, user)
        if len(found.options) != 1:
            return None, bool(found.options)
        option = found.options[0]
        return Choice(value=option.value, label=f"{option.value} {option.label}"), True

    async def _templates(self, user: WorkspaceUser, sheet: Sheet) -> Choices:
        if sheet.command != "template" or sheet.text:
            return Choices(options=())
        return await self._eyes.choices(ArgumentKind.TEMPLATE, user, "", sheet.number)

    async def _template(self, user: WorkspaceUser, sheet: Sheet, known: Choices) -> Template | None:
        """The chosen one, in the customer's language if there is one: those come first."""
        name = sheet.arguments.get("template", "")
        if not name or sheet.command != "template" or sheet.text:
            return None
        found = chosen(known, name)
        if found is not None:
            return found
        more = await self._eyes.choices(ArgumentKind.TEMPLATE, user, name, sheet.number)
        return chosen(more, name)

    async def _tickets(self, user: WorkspaceUser, sheet: Sheet) -> tuple[Ticket, ...]:
        if sheet.command != "ticket" or sheet.number is None:
            return ()
        return await self._eyes.tickets(sheet.number, user)

    # --- boards -------------------------------------------------------------------------------

    async def board(self, occasion: Occasion, user: WorkspaceUser, sheet: Sheet) -> bool:
        """What a command that only shows has to show."""
        language = await self._eyes.language(user)

        async def make() -> Json:
            return await self.drawn_board(user, sheet, language)

        return await self._modals.show(occasion, sheet, language, make)

    async def drawn_board(self, user: WorkspaceUser, sheet: Sheet, language: str) -> Json:
        """The same as a view."""
        now = self._site.clock.now()
        match sheet.command:
            case "events":
                history = await self._eyes.events(sheet.number or 0, user)
                if history is None:
                    return sorry("no_conversation", sheet, language)
                return boards.events(history, sheet, language)
            case "queues":
                queues = await self._eyes.queues(user)
                if queues is None:
                    return sorry("no_agent", sheet, language)
                return boards.queues(queues, sheet, language, now)
            case _:
                return await self.conversations(user, sheet, ConversationFilter(), language)

    async def conversations(
        self, user: WorkspaceUser, sheet: Sheet, wanted: ConversationFilter, language: str
    ) -> Json:
        """The list of conversations, as one may see them."""
        found = await self._eyes.conversations(wanted, user)
        if found is None:
            return sorry("no_agent", sheet, language)
        return boards.conversations(found, sheet, language, self._site.clock.now())

    async def menu(
        self, occasion: Occasion, user: WorkspaceUser, sheet: Sheet, actions: tuple[CardAction, ...]
    ) -> bool:
        """The buttons of a conversation's card, for a message's own menu."""
        language = await self._eyes.language(user)

        async def make() -> Json:
            view = await self._eyes.conversation(sheet.number or 0, user)
            if view is None or not actions:
                return sorry("no_conversation", sheet, language)
            return boards.menu(view.card, actions, sheet, language)

        return await self._modals.show(occasion, sheet, language, make)

    async def sorry(self, occasion: Occasion, user: WorkspaceUser, key: str, command: str) -> None:
        """A sentence instead of what was asked for."""
        language = await self._eyes.language(user)
        sheet = replace(self.sheet(occasion, command, None))

        async def make() -> Json:
            return sorry(key, sheet, language)

        await self._modals.show(occasion, sheet, language, make)
