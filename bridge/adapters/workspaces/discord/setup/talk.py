"""What is asked and told at the terminal while a bot is connected."""

import re

from bridge.adapters.workspaces.discord.client import DiscordClient, Me
from bridge.adapters.workspaces.discord.settings import API_URL
from bridge.domain.errors import DeskbridgeError, InvalidSettings
from bridge.locales import say
from bridge.ports.connecting import AppWish, Operator

_TOKEN = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}")
"""https://discord.com/developers/docs/reference#authentication: three parts, the first an id."""


class Talk:
    """The questions, each asked until its answer holds."""

    def __init__(self, operator: Operator, wish: AppWish) -> None:
        """In the language of the wish."""
        self.operator = operator
        self.language = wish.language
        self.api_url = wish.api_url or API_URL

    def say(self, key: str, **data: object) -> str:
        """A text of the catalogue."""
        return say(self.language, f"discord.connect.{key}", **data)

    def tell(self, key: str, **data: object) -> None:
        """Show it."""
        self.operator.tell(self.say(key, **data))

    async def agrees(self, key: str, **data: object) -> bool:
        """Whether the operator says yes."""
        return await self.operator.agrees(self.say(key, **data))

    async def ask(self, key: str, *, secret: bool = False, **data: object) -> str:
        """What is answered. Raises `InvalidSettings` for nothing: that means to give up."""
        answer = await self.operator.ask(self.say(key, **data), secret=secret)
        if not answer:
            raise self.given_up()
        return answer

    def given_up(self) -> InvalidSettings:
        """Nothing was changed."""
        return InvalidSettings(self.say("given_up"))

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
