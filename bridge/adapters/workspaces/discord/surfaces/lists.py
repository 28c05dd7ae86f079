"""Boards: gathers what they show, as one person may see it."""

from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.workspaces.discord.cards.cards import thread_address
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import Pressed
from bridge.adapters.workspaces.discord.refs import is_snowflake
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces import boards, kit
from bridge.adapters.workspaces.discord.surfaces.boards import Look, page_of
from bridge.adapters.workspaces.discord.surfaces.wanted import filter_of
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import ThreadRef
from bridge.locales import say
from bridge.ports.commands import WorkspaceUser


class Lists:
    """Draws lists for one person at a time."""

    def __init__(self, site: Site, eyes: DeskEyes) -> None:
        """For this workspace."""
        self._site = site
        self._eyes = eyes

    async def board(self, user: WorkspaceUser, pressed: Pressed) -> Json | None:
        """What a command that only shows has to show; None where the desk itself has to say it."""
        look = Look(
            pressed=pressed,
            language=await self._eyes.language(user),
            now=self._site.clock.now(),
            guild=self._site.guild,
            page=page_of(pressed),
        )
        ids = self._site.kept.id
        match pressed.command:
            case "events":
                history = await self._eyes.events(pressed.number or 0, user)
                return None if history is None else boards.events(history, look, ids)
            case "queues":
                queue = pressed.arguments.get("queue") or None
                found = await self._eyes.queues(user, queue)
                return None if found is None else boards.queues(found, look, ids)
            case _:
                return await self._conversations(user, look)

    async def _conversations(self, user: WorkspaceUser, look: Look) -> Json | None:
        filter_ = filter_of(look.pressed.arguments, look.now)
        if filter_ is None:
            return None
        found = await self._eyes.conversations(filter_, user)
        if found is None:
            return None
        return boards.conversations(found, look, self._site.kept.id)

    async def menu(self, user: WorkspaceUser, number: int, thread: ThreadRef) -> Json | None:
        """The buttons of a conversation; None where there are none for him."""
        view = await self._eyes.conversation(number, user)
        if view is None:
            return None
        actions = await self._eyes.actions(number, thread, user)
        language = await self._eyes.language(user)
        return boards.menu(view.card, actions, language, self._site.kept.id) if actions else None

    async def way_to(self, user: WorkspaceUser, number: int) -> list[Json]:
        """A button that leads to the thread of a conversation, where it has one here.

        It follows on what was done: that is told even where nothing can be looked up.
        """
        try:
            view = await self._eyes.conversation(number, user)
        except DeskbridgeError:
            return []
        thread = None if view is None else view.row.thread
        if thread is None or not is_snowflake(thread):
            return []
        label = say(await self._eyes.language(user), "discord.ask.open_thread")
        return [kit.link(label, thread_address(self._site.guild, thread))]
