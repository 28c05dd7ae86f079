"""What a person at a telephone can do, each by its name and what is said with it."""

from collections.abc import Awaitable, Callable

from bridge.simulators.common.wire import JsonObject, txt
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.records import Sent
from bridge.simulators.graph.world import World

_Act = Callable[[Person, JsonObject], Awaitable[Sent | None]]
_OWN_FILES = frozenset({"image", "video", "audio", "document"})


class NoSuch(Exception):
    """There is no such act, message or button."""


class Acts:
    """Does what a page or a program asks for, as WhatsApp's own app would."""

    def __init__(self, world: World) -> None:
        """People of this world act."""
        self._world = world
        self._acts: dict[str, _Act] = {
            "writes": self._writes,
            "reads": self._reads,
            "presses": self._presses,
            "reacts": self._reacts,
            "edits": self._edits,
            "revokes": self._revokes,
            "shares": self._shares,
            "switches": self._switches,
        }

    async def do(self, person: Person, act: str, said: JsonObject) -> Sent | None:
        """Do it; the message that came of it. Raises `NoSuch`."""
        known = self._acts.get(act)
        if known is None:
            raise NoSuch("There is no such act.")
        return await known(person, said)

    async def attach(self, person: Person, body: bytes, mime: str, name: str) -> Sent:
        """Send a file, as what it is; WhatsApp's own recordings are Ogg."""
        kind = mime.partition("/")[0]
        return await person.sends_file(
            body,
            mime,
            kind=kind if kind in _OWN_FILES else "document",
            name=name,
            voice=mime == "audio/ogg" if kind == "audio" else None,
        )

    def _message(self, said: JsonObject) -> Sent:
        found = self._world.messages.get(txt(said.get("message")))
        if found is None:
            raise NoSuch("There is no such message.")
        return found

    def _own(self, said: JsonObject) -> Sent:
        found = self._message(said)
        if found.direction != "in":
            raise NoSuch("That is not his own message.")
        return found

    async def _writes(self, person: Person, said: JsonObject) -> Sent:
        quoting = self._message(said) if said.get("message") else None
        return await person.writes(txt(said.get("text")), quoting=quoting)

    async def _reads(self, person: Person, _said: JsonObject) -> None:
        await person.reads()

    async def _presses(self, person: Person, said: JsonObject) -> Sent:
        try:
            return await person.presses(self._message(said), txt(said.get("label")))
        except KeyError as e:
            raise NoSuch("There is no such button.") from e

    async def _reacts(self, person: Person, said: JsonObject) -> Sent:
        return await person.reacts(self._message(said), txt(said.get("emoji")))

    async def _edits(self, person: Person, said: JsonObject) -> Sent:
        return await person.edits(self._own(said), txt(said.get("text")))

    async def _revokes(self, person: Person, said: JsonObject) -> Sent:
        return await person.revokes(self._own(said))

    async def _shares(self, person: Person, said: JsonObject) -> Sent:
        """A place: `{"latitude": -23.5, "longitude": -46.6, "name": "Home"}`."""
        latitude, longitude = said.get("latitude"), said.get("longitude")
        if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
            raise NoSuch("There is no such place.")
        return await person.shares_place(latitude, longitude, txt(said.get("name")))

    async def _switches(self, person: Person, said: JsonObject) -> None:
        """The telephone on (`{"online": true}`) or off."""
        await person.goes_online(said.get("online") is True)
