"""What is asked and told at the terminal while a channel or a workspace is connected."""

import re

from bridge.domain.errors import InvalidSettings
from bridge.domain.ids import Language
from bridge.locales import say
from bridge.ports.connecting import Operator


class Talk:
    """With whoever connects it, in his language; `texts` is where the catalogue has its words."""

    def __init__(self, operator: Operator, language: Language, texts: str) -> None:
        """Nothing was asked yet."""
        self.operator = operator
        self.language = language
        self._texts = texts

    def say(self, key: str, **data: object) -> str:
        """A text of the catalogue."""
        return say(self.language, f"{self._texts}.{key}", **data)

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

    async def ask_for(self, key: str, shape: re.Pattern[str], *, secret: bool = False) -> str:
        """What is answered, asked until it looks as it must. Raises as `ask` does."""
        while shape.fullmatch(answer := await self.ask(key, secret=secret)) is None:
            self.tell(f"no_{key}")
        return answer

    def given_up(self) -> InvalidSettings:
        """Nothing was changed."""
        return InvalidSettings(self.say("given_up"))
