"""A customer with WhatsApp in his hand: writes, presses and reads."""

from bridge.demo.surfaces.patience import NotSeen, until
from bridge.simulators.graph.person import Person, words_of
from bridge.simulators.graph.records import Sent


class Telephone:
    """One customer's; what was sent to him is on its screen."""

    def __init__(self, person: Person) -> None:
        """It is on, and he has the shop's number."""
        self.person = person
        self.name = person.customer.name
        self.number = f"+{person.id}"

    async def says(self, text: str) -> None:
        """Write a line."""
        await self.person.writes(text)

    async def presses(self, label: str) -> None:
        """Press what stands under the last line."""
        lines = self.person.received()
        if not lines:
            raise NotSeen(f"a button “{label}”", "an empty chat")
        await self.person.presses(lines[-1], label)

    def lines(self) -> list[str]:
        """What he has read, oldest first."""
        return [words_of(one) for one in self.person.received()]

    async def hears(self, words: str) -> Sent:
        """The first line with these words. Raises `NotSeen`."""

        async def look() -> list[Sent]:
            return [one for one in self.person.received() if words in words_of(one)]

        found = await until(f"{self.name} reads “{words}”", look)
        return found[0]
