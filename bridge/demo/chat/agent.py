"""What every row asks of an agent with a chat workspace open in front of him."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """Something on his screen: its words, and the platform's own thing that has them."""

    text: str
    of: object

    def __str__(self) -> str:
        """Its words."""
        return self.text


class ChatAgent(Protocol):
    """One person at his workspace; he sees what it shows him, and nothing else.

    Whatever is waited for and does not come raises `NotSeen`.
    """

    name: str
    green: str
    """How a card says that its conversation is active."""
    brown: str
    """How it says that it has ended."""

    # --- looking ----------------------------------------------------------------------------

    def cards(self, number: int) -> list[Shown]:
        """The cards of a conversation in rooms that he is in, newest last."""
        ...

    async def card(self, number: int, *words: str, without: str = "") -> Shown:
        """The newest card of a conversation, once it says all of this."""
        ...

    async def monitored(self, number: int) -> Shown:
        """The conversation's card in the monitor room."""
        ...

    async def reads(self, card: Shown, words: str) -> str:
        """The line in a card's thread that has these words, once it is there."""
        ...

    async def called(self, card: Shown) -> str:
        """The line in a card's thread that calls him."""
        ...

    async def marked(self, line: Shown) -> str:
        """The mark that the app puts under a line of his."""
        ...

    async def found_thread(self, words: str) -> str:
        """The card of the thread in which a line has these words."""
        ...

    def offers(self, card: Shown, command: str) -> bool:
        """Whether a card has a button for this."""
        ...

    # --- acting -----------------------------------------------------------------------------

    async def uses(self, command: str, **arguments: str) -> str:
        """Run a command in a room; what he is told."""
        ...

    async def runs(self, card: Shown, command: str, words: str = "") -> None:
        """Run a command in a card's thread, as it is typed there."""
        ...

    async def says(self, card: Shown, line: str) -> Shown:
        """Write in a card's thread."""
        ...

    async def presses(self, where: Shown, command: str) -> None:
        """Press the button for this."""
        ...

    async def is_told(self, act: Callable[[], Awaitable[object]]) -> str:
        """What he alone is told for this."""
        ...

    async def fills(self, card: Shown, command: str, **values: str) -> None:
        """Open a form with a card's button, fill it in and send it."""
        ...

    async def finds(self, card: Shown, command: str, field: str, typed: str) -> str:
        """What a field of that form offers for these letters."""
        ...

    async def prepares(self, card: Shown, template: str, values: Mapping[str, str]) -> Shown:
        """A template with its variables filled in, as it is shown before it goes out."""
        ...

    async def writes_first(self, to: str, template: str, values: Mapping[str, str]) -> Shown:
        """The same to a number that never wrote."""
        ...

    async def sends(self, prepared: Shown) -> None:
        """Let it go out."""
        ...


class Crew(Protocol):
    """Everybody who answers there."""

    @property
    def agents(self) -> Mapping[str, ChatAgent]:
        """The cast, by handle."""
        ...

    async def newcomer(self, name: str) -> ChatAgent:
        """Somebody whom the desk does not know yet, in the room of support."""
        ...

    async def link(self, handle: str, *queues: str) -> None:
        """The desk knows him from now on."""
        ...
