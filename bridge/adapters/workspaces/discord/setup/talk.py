"""What is asked and told at the terminal while a bot is connected."""

import re

from bridge.adapters.common.setup.talk import Talk
from bridge.adapters.workspaces.discord.client import DiscordClient, Me
from bridge.adapters.workspaces.discord.settings import API_URL
from bridge.domain.errors import DeskbridgeError
from bridge.ports.connecting import AppWish, Operator

_TOKEN = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}")
"""https://discord.com/developers/docs/reference#authentication: three parts, the first an id."""


class DiscordTalk(Talk):
    """The questions, each asked until its answer holds."""

    def __init__(self, operator: Operator, wish: AppWish) -> None:
        """In the language of the wish."""
        super().__init__(operator, wish.language, "discord.connect")
        self.api_url = wish.api_url or API_URL

    async def bot_token(self) -> tuple[str, Me]:
        """A token that Discord takes, and whose it is."""
        while True:
            token = (await self.ask("bot_token", secret=True)).removeprefix("Bot ").strip()
            if _TOKEN.fullmatch(token) is None:
                self.tell("no_bot_token")
                continue
            try:
                async with DiscordClient(token, self.api_url) as client:
                    me = await client.who_am_i()
            except DeskbridgeError as error:
                self.tell("bot_token_refused", why=error)
                continue
            self.tell("is_bot", name=me.name)
            return token, me
