"""What an agent does in the hour before the curtain rises, whatever he answers from."""

from typing import Protocol

from bridge.demo.cast import Person, sign_in
from bridge.demo.house import House
from bridge.demo.surfaces.agent import AgentBrowser


class Colleague(Protocol):
    """An agent of the demo; a conversation is named by its customer."""

    async def takes(self, number: int) -> None:
        """Take the conversation that waits under this number."""
        ...

    async def writes(self, customer: str, text: str) -> None:
        """Answer a customer whom he is in control of, as soon as he is."""
        ...

    async def runs(self, command: str, words: str = "", *, customer: str = "") -> None:
        """Run a command, in a customer's thread if one is named."""
        ...

    async def close(self) -> None:
        """Leave; what he holds he keeps."""
        ...


class Recruiter(Protocol):
    """How somebody of the cast comes to his desk, ready for customers."""

    async def __call__(self, person: Person) -> Colleague:
        """This person, available."""
        ...


class AtTheDesk:
    """At the local workspace."""

    def __init__(self, browser: AgentBrowser) -> None:
        """Signed in there."""
        self._browser = browser

    async def takes(self, number: int) -> None:
        """See `Colleague`."""
        await self._browser.runs("take", f"#{number}")

    async def writes(self, customer: str, text: str) -> None:
        """See `Colleague`."""
        await self._browser.writes(await self._thread(customer), text)

    async def runs(self, command: str, words: str = "", *, customer: str = "") -> None:
        """See `Colleague`."""
        thread = await self._thread(customer) if customer else ""
        await self._browser.runs(command, words, thread=thread)

    async def close(self) -> None:
        """See `Colleague`."""
        await self._browser.close()

    async def _thread(self, customer: str) -> str:
        row = await self._browser.in_control(customer, lambda row: row.customer == customer)
        return row.thread


def at_the_desk(house: House) -> Recruiter:
    """Everybody signs in at the local workspace."""

    async def recruit(person: Person) -> Colleague:
        return AtTheDesk(await sign_in(house, person))

    return recruit
