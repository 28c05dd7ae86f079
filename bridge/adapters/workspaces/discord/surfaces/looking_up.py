"""Gathers what a form or a list needs to be drawn."""

from bridge.adapters.common.choices import Choice, choice_of
from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.forms import NEW, chosen
from bridge.adapters.workspaces.discord.custom_ids import Pressed
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces.forms import Facts
from bridge.domain.card import ConversationCard
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.ports.commands import ArgumentKind, CommandSpec, WorkspaceUser
from bridge.ports.queries import Choices, Option

_CHOSEN = frozenset({ArgumentKind.AGENT, ArgumentKind.QUEUE, ArgumentKind.TARGET})
_MOST_TEMPLATES = 25
"""So many the desk tells at once."""


class LookingUp:
    """Asks the desk on one person's behalf; what he may not see is not there."""

    def __init__(self, site: Site, eyes: DeskEyes) -> None:
        """For this workspace."""
        self._site = site
        self._eyes = eyes

    def spec(self, command: str) -> CommandSpec:
        """A command's declaration."""
        return self._site.commands.get(command) or CommandSpec(name=command)

    async def facts(self, pressed: Pressed, user: WorkspaceUser) -> Facts | None:
        """Everything for a form; None for who may not see what it is about."""
        spec = self.spec(pressed.command)
        card: ConversationCard | None = None
        if spec.in_thread and pressed.number is not None:
            view = await self._eyes.conversation(pressed.number, user)
            if view is None:
                return None
            card = view.card
        elif await self._eyes.home(user) is None:
            return None
        return Facts(
            spec=spec,
            language=await self._eyes.language(user),
            card=card,
            template=await self.template(pressed, user),
            ticket=await self._ticket(pressed, user),
            choices=await self._choices(spec, pressed, user),
        )

    async def _choices(
        self, spec: CommandSpec, pressed: Pressed, user: WorkspaceUser
    ) -> dict[str, tuple[Choice, ...]]:
        found = {}
        for argument in spec.arguments:
            if argument.kind in _CHOSEN and pressed.command in ("transfer", "conversations"):
                options = await self.options(argument.kind, user, number=pressed.number)
                found[argument.name] = tuple(choice_of(each, argument.kind) for each in options)
        return found

    async def options(
        self, kind: ArgumentKind, user: WorkspaceUser, prefix: str = "", number: int | None = None
    ) -> tuple[Option, ...]:
        """What an argument may be."""
        return (await self._eyes.choices(kind, user, prefix, number)).options

    async def templates(self, pressed: Pressed, user: WorkspaceUser) -> Choices:
        """Those that may be sent there; the customer's language comes first."""
        return await self._eyes.choices(ArgumentKind.TEMPLATE, user, "", pressed.number)

    async def template(self, pressed: Pressed, user: WorkspaceUser) -> Template | None:
        """The one that is named."""
        name = pressed.arguments.get("template", "")
        if pressed.command != "template" or not name:
            return None
        found = await self._eyes.choices(ArgumentKind.TEMPLATE, user, name, pressed.number)
        return chosen(found, name)

    async def tickets(self, number: int, user: WorkspaceUser) -> tuple[Ticket, ...]:
        """The cases of a conversation's contact."""
        return await self._eyes.tickets(number, user)

    async def _ticket(self, pressed: Pressed, user: WorkspaceUser) -> Ticket | None:
        named = pressed.arguments.get("ticket", NEW)
        if pressed.command != "ticket" or named == NEW or pressed.number is None:
            return None
        known = await self.tickets(pressed.number, user)
        return next((each for each in known if named in (str(each.number), each.name)), None)

    async def conversations(self, command: str, user: WorkspaceUser) -> tuple[Choice, ...]:
        """Those that one may name: for `take` who waits, else first what he holds.

        Where somebody spoke last comes before others.
        """
        home = await self._eyes.home(user)
        if home is None:
            return ()
        rows = sorted(home.holding, key=lambda row: row.last_at or 0, reverse=True)
        first = home.waiting if command == "take" else rows
        near = [
            Choice(value=str(row.number), label=f"#{row.number} {row.customer}") for row in first
        ]
        options = await self.options(ArgumentKind.CONVERSATION, user)
        more = [
            Choice(value=each.value.removeprefix("#"), label=f"{each.value} {each.label}")
            for each in options
        ]
        return (*near, *more)


def too_many(known: Choices) -> bool:
    """Whether there may be more templates than the desk tells at once."""
    return len(known.templates) >= _MOST_TEMPLATES
