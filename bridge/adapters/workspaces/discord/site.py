"""What every part of one Discord server stands on, put together once."""

from typing import Protocol

from bridge.adapters.common import site
from bridge.adapters.common.pauses import USUAL, Pauses
from bridge.adapters.common.standing import Standing
from bridge.adapters.workspaces.discord.budget import Budgets, Sizes
from bridge.adapters.workspaces.discord.client import DiscordClient, Json, Me
from bridge.adapters.workspaces.discord.guild import GuildBook
from bridge.adapters.workspaces.discord.kept import Kept
from bridge.adapters.workspaces.discord.nonces import Nonces
from bridge.adapters.workspaces.discord.people import People
from bridge.adapters.workspaces.discord.rooms import Rooms
from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.ports.plugin import AdapterContext


class Interactive(Protocol):
    """What surfaces promise to whoever hears the gateway."""

    async def start(self) -> None:
        """Begin; the site is connected, Discord may not be reached yet."""
        ...

    async def online(self) -> None:
        """The gateway is ready: declare the commands where they changed."""
        ...

    async def stop(self) -> None:
        """Everybody gets the answer that he waits for."""
        ...

    async def interaction(self, payload: Json) -> None:
        """An INTERACTION_CREATE as it came; it is answered within 3 seconds."""
        ...

    async def typed(self, message: Json) -> bool:
        """Run a `!command` or a mention of the bot; false when the message is neither."""
        ...


class Site(site.Site[Me]):
    """The parts of one workspace that sending, receiving and surfaces share."""

    def __init__(
        self, settings: DiscordSettings, context: AdapterContext, pauses: Pauses = USUAL
    ) -> None:
        """Put the parts together; nothing is read, written or connected yet."""
        super().__init__(context, settings.language, pauses)
        self.settings = settings
        self.guild = settings.guild
        sizes = Sizes(
            per_second=settings.calls_per_second,
            in_thread=settings.posts_in_thread,
            opened=settings.threads_in_room,
            usual=settings.calls_of_a_kind,
        )
        self.discord = DiscordClient(
            settings.bot_token.get_secret_value(),
            settings.api_url,
            Budgets(context.clock, sizes),
            context.replaced,
        )
        self.standing = Standing(context.id)
        self.server = GuildBook()
        self.people = People(self.discord, settings, self.server, context.clock)
        self.rooms = Rooms(self.discord, context.clock, self.standing, self.language)
        self.nonces = Nonces(context.secret("discord nonces"))
        self.kept = Kept(context.store, context.clock)

    async def _open_session(self) -> None:
        await self.discord.open()

    async def _who_am_i(self) -> Me:
        return await self.discord.who_am_i()

    async def close(self) -> None:
        """Close the session, as the last thing."""
        await self.people.stop()
        await self.discord.close()
