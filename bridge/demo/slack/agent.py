"""An agent with Slack open: what he sees there, what he types, presses and fills in."""

from collections.abc import Awaitable, Callable, Iterator, Mapping

from bridge.demo.surfaces.patience import NotSeen, until
from bridge.simulators.common.wire import Json
from bridge.simulators.slack import App, Ephemeral, Message, Person, SlackSimulator, View

ROOM = "support"
Shown = Message | Ephemeral | View


class SlackAgent:
    """One person at his Slack; he sees what Slack shows him, and nothing else."""

    def __init__(self, slack: SlackSimulator, app: App, person: Person) -> None:
        """Slack is open in front of him."""
        self.slack = slack
        self.app = app
        self.person = person
        self.name = person.user.real_name

    # --- looking ----------------------------------------------------------------------------

    def cards(self, number: int) -> list[Message]:
        """The cards of a conversation in rooms that he is in, newest last."""
        return [
            message
            for channel in self.slack.world.channels.values()
            if self.person.id in channel.members and channel.name != "monitor"
            for message in self.slack.messages(channel)
            if self._is_card(message, number)
        ]

    def watched(self, number: int) -> Message | None:
        """The conversation's card in the monitor room."""
        if self.person.id not in self.slack.room("monitor").members:
            return None
        cards = (one for one in self.slack.messages("monitor") if self._is_card(one, number))
        return next(cards, None)

    def _is_card(self, message: Message, number: int) -> bool:
        ours = message.app_id == self.app.id and not message.is_reply
        return ours and f"#{number}" in message.text.split()

    async def card(self, number: int, *words: str, without: str = "") -> Message:
        """The newest card of a conversation, once it says all of this. Raises `NotSeen`."""

        async def look() -> Message | None:
            return next(reversed(self.cards(number)), None)

        found = await until(
            f"{self.name} sees the card of #{number} with {', '.join(words) or 'anything'}",
            look,
            lambda card: (
                card is not None
                and all(word in said(card) for word in words)
                and not (without and without in said(card))
            ),
        )
        if found is None:
            raise NotSeen(f"a card of #{number}", "none")
        return found

    def lines(self, card: Message) -> list[str]:
        """What stands in the thread of a card."""
        return [said(one) for one in self.slack.thread(card)[1:]]

    async def reads(self, card: Message, words: str) -> str:
        """The line of a card's thread that has these words, once it is there."""

        async def look() -> list[str]:
            return self.lines(card)

        lines = await until(
            f"{self.name} reads “{words}” in the thread",
            look,
            lambda lines: any(words in line for line in lines),
        )
        return next(line for line in lines if words in line)

    # --- acting -----------------------------------------------------------------------------

    async def types(self, line: str, room: str = ROOM) -> None:
        """Type a slash command in a room."""
        await self.person.types(room, line)

    async def says(self, card: Message, line: str) -> Message:
        """Write in a conversation's thread."""
        return await self.person.replies(card, line)

    async def presses(self, where: Shown, command: str, label: str = "") -> None:
        """Press a button of ours, by what it does; or choose it in the card's menu."""
        for element in elements(where):
            option = _option(element, command)
            if option is not None:
                await self.person.clicks(where, str(element["action_id"]), option=option)
                return
            if _does(element, command) and label in _label(element):
                await self.person.clicks(
                    where, str(element["action_id"]), value=str(element.get("value", ""))
                )
                return
        raise NotSeen(f"a button for {command}", _labels(where))

    async def is_told(self, act: Callable[[], Awaitable[object]], about: str = "") -> Shown:
        """What he is shown for this: a private line, or a modal. Raises `NotSeen`."""
        before = self._private()
        await act()

        async def look() -> Shown | None:
            new = [one for key, one in self._private().items() if key not in before]
            return new[-1] if new else None

        shown = await until(
            f"{self.name} is told something {about}".rstrip(),
            look,
            lambda one: one is not None and bool(said(one)),
        )
        if shown is None:
            raise NotSeen("an answer", "none")
        return shown

    async def form(self, where: Shown, command: str, *fields: str) -> View:
        """The form that a button opens, once it has these fields."""
        await self.is_told(lambda: self.presses(where, command))
        return await self.modal("'input'", *fields)

    async def modal(self, *words: str) -> View:
        """The modal in front of him, once its JSON has all of this."""

        async def look() -> View | None:
            return self.person.modals[-1] if self.person.modals else None

        view = await until(
            f"{self.name} has a modal with {', '.join(words)}",
            look,
            lambda view: view is not None and all(word in str(view.content) for word in words),
        )
        if view is None:
            raise NotSeen("a modal", "none")
        return view

    async def finds(self, view: View, kind: str, typed: str) -> Json:
        """The first entry of a picker for these letters."""
        action = next(
            str(each["action_id"])
            for each in elements(view)
            if str(each.get("action_id", "")).endswith(f":{kind}")
        )
        entries = await self.person.searches(view, action, typed)
        if not entries:
            raise NotSeen(f"an entry for “{typed}”", "none")
        return entries[0]

    async def submits(self, view: View, values: Mapping[str, Json]) -> Shown:
        """Fill in a form and send it; what he is told."""
        return await self.is_told(lambda: self.person.submits(view, values))

    def _private(self) -> dict[str, Shown]:
        """Everything that he alone sees: what changes in a modal is new."""
        shown: dict[str, Shown] = {f"w{one.ts}": one for one in self.person.whispers()}
        shown |= {f"m{hash(str(one))}": one for one in self.person.modals}
        direct = self.slack.direct(self.person, self.app)
        for one in self.slack.messages(direct):
            shown[f"d{one.ts}{hash(one.text)}"] = one
        return shown


# --- reading blocks -------------------------------------------------------------------------


def said(shown: Shown) -> str:
    """The words of it, as a person reads them."""
    blocks: Json = shown.content if isinstance(shown, View) else list(shown.blocks)
    words = " ".join(_words(blocks))
    if not words and not isinstance(shown, View):
        words = shown.text
    return " ".join(words.split())


def _words(value: Json) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _words(each)
    elif isinstance(value, dict):
        if value.get("type") == "emoji":
            yield f":{value.get('name')}:"
        for key, each in value.items():
            if key == "text" and isinstance(each, str):
                yield each
            elif not isinstance(each, str):
                yield from _words(each)


def elements(shown: Shown) -> list[dict[str, Json]]:
    """Every element of it that can be pressed, chosen or filled in."""
    blocks: Json = shown.content if isinstance(shown, View) else list(shown.blocks)
    return [each for each in _dicts(blocks) if "action_id" in each]


def _dicts(value: Json) -> Iterator[dict[str, Json]]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _dicts(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _dicts(each)


def _does(element: dict[str, Json], command: str) -> bool:
    parts = str(element["action_id"]).split(":")
    return element.get("type") == "button" and parts[:2] == ["run", command]


def _option(element: dict[str, Json], command: str) -> Json:
    options = element.get("options")
    if element.get("type") != "overflow" or not isinstance(options, list):
        return None
    for option in options:
        if isinstance(option, dict) and f'"c":"{command}"' in str(option.get("value")):
            return option
    return None


def _label(element: dict[str, Json]) -> str:
    return " ".join(_words(element.get("text")))


def _labels(shown: Shown) -> str:
    return ", ".join(filter(None, map(_label, elements(shown)))) or said(shown)
