"""Somebody at the terminal while a platform is connected."""

from collections.abc import Sequence


class Sitter:
    """An operator who answers by his list; a function in it is done before the next answer."""

    def __init__(self, *answers: str, yes: Sequence[bool] = (True,)) -> None:
        self.answers = list(answers)
        self.yes = list(yes)
        self.told: list[str] = []
        self.asked: list[tuple[str, bool]] = []

    def tell(self, text: str) -> None:
        self.told.append(text)

    async def ask(self, question: str, *, secret: bool = False) -> str:
        self.asked.append((question, secret))
        return self.answers.pop(0) if self.answers else ""

    async def agrees(self, question: str) -> bool:
        self.asked.append((question, False))
        return self.yes.pop(0)

    def said(self) -> str:
        return "\n".join(self.told)
