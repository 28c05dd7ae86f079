"""The real discord.py, connected to the simulator and keeping what it hears."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands

from bridge.simulators.discord import App, DiscordSimulator

Seen = list[tuple[str, Any]]  # discord.py's own objects


class Bot(discord.Client):
    """Keeps every event, raw ones too."""

    def __init__(self, *, content: bool = True, heartbeat_timeout: float = 60.0) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, message_content=content, guild_reactions=True
        )
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.05,
            max_ratelimit_timeout=30,
            heartbeat_timeout=heartbeat_timeout,
        )
        self.tree = app_commands.CommandTree(self)
        self.seen: Seen = []
        self._said: list[str] = []

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        self.seen.append((event, args[0] if args else None))
        if event == "message" and isinstance(args[0], discord.Message) and not args[0].author.bot:
            self._said.append(args[0].content)
        super().dispatch(event, *args, **kwargs)

    def heard(self, event: str) -> list[Any]:  # discord.py's own objects
        """What came with every event of this name."""
        return [one for name, one in self.seen if name == event]

    def texts(self) -> list[str]:
        """What people wrote, as it was when it came."""
        return list(self._said)

    def place(self, channel_id: str) -> discord.TextChannel:
        """A text channel."""
        found = self.get_channel(int(channel_id))
        assert isinstance(found, discord.TextChannel)
        return found

    def forum(self, channel_id: str) -> discord.ForumChannel:
        """A forum."""
        found = self.get_channel(int(channel_id))
        assert isinstance(found, discord.ForumChannel)
        return found


@asynccontextmanager
async def online(sim: DiscordSimulator, app: App, bot: Bot) -> AsyncIterator[Bot]:
    """A bot that is ready; it goes offline at the end of the block."""
    task = asyncio.create_task(bot.start(sim.app(app).token))
    try:
        await sim.until(lambda: bot.is_ready() or task.done())
        if task.done():
            await task
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)
