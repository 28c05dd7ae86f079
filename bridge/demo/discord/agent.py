"""An agent with Discord open: what he sees there, what he writes, uses, presses and fills in."""

from collections.abc import Awaitable, Callable, Mapping

from bridge.demo.chat.agent import Shown
from bridge.demo.discord.reading import button, entry, menu, page_button, said, usable
from bridge.demo.surfaces.patience import NotSeen, check, until
from bridge.simulators.common.wire import Json
from bridge.simulators.discord import (
    App,
    Channel,
    DiscordSimulator,
    Message,
    Modal,
    Outcome,
    Person,
)

LOBBY = "team"
MONITOR = "monitor"
_TALK = (0, 19)
_CONFIRMED = {"confirmed": "yes"}


class DiscordAgent:
    """See `ChatAgent`: one person at his Discord, who sees what Discord shows him."""

    green = "🟢"
    brown = "🟤"

    def __init__(self, discord: DiscordSimulator, app: App, person: Person) -> None:
        """Discord is open in front of him."""
        self.discord = discord
        self.app = app
        self.person = person
        self.name = person.user.global_name or person.user.name

    # --- looking ----------------------------------------------------------------------------

    def cards(self, number: int) -> list[Shown]:
        """See `ChatAgent`."""
        return [_shown(one) for one in self._cards(number, monitor=False)]

    def _cards(self, number: int, *, monitor: bool) -> list[Message]:
        found = []
        for channel in tuple(self.discord.world.channels.values()):
            if self._is_monitor(channel) is monitor and self.person.sees(channel):
                found += [one for one in self._talk(channel) if self._is_card(one, number)]
        return sorted(found, key=lambda one: int(one.id))

    def _is_monitor(self, channel: Channel) -> bool:
        parent = self.discord.world.channels.get(channel.parent_id or "", channel)
        return MONITOR in (channel.name, parent.name)

    def _is_card(self, message: Message, number: int) -> bool:
        ours = message.author_id == self.app.bot_id and bool(message.components)
        return ours and f"#{number}" in said(message).split()

    def _talk(self, channel: Channel) -> list[Message]:
        return [one for one in self.discord.messages(channel) if one.type in _TALK]

    async def card(self, number: int, *words: str, without: str = "") -> Shown:
        """See `ChatAgent`."""

        async def look() -> Shown | None:
            return next(reversed(self.cards(number)), None)

        found = await until(
            f"{self.name} sees the card of #{number} with {', '.join(words) or 'anything'}",
            look,
            lambda card: (
                card is not None
                and all(word in card.text for word in words)
                and not (without and without in card.text)
            ),
        )
        assert found is not None, "until gives what holds"
        return found

    async def monitored(self, number: int) -> Shown:
        """See `ChatAgent`."""

        async def look() -> list[Message]:
            return self._cards(number, monitor=True)

        return _shown((await until(f"the monitor room has #{number}", look))[-1])

    def thread(self, card: Shown) -> Channel:
        """The thread of a card: the one that it begins, or the one that hangs on it."""
        message = _message(card)
        channels = self.discord.world.channels
        return channels.get(message.id) or channels[message.channel_id]

    def lines(self, card: Shown) -> list[Message]:
        """What stands in the thread of a card."""
        return [one for one in self._talk(self.thread(card)) if one.id != _message(card).id]

    async def reads(self, card: Shown, words: str) -> str:
        """See `ChatAgent`."""

        async def look() -> list[str]:
            return [line for line in map(said, self.lines(card)) if words in line]

        return (await until(f"{self.name} reads “{words}” in the thread", look))[0]

    async def called(self, card: Shown) -> str:
        """See `ChatAgent`."""

        async def look() -> list[str]:
            return [said(one) for one in self.person.pings(self.thread(card))]

        call = (await until(f"one line calls {self.name}", look))[0]
        return call.replace(f"<@{self.person.id}>", f"@{self.name}")

    async def marked(self, line: Shown) -> str:
        """See `ChatAgent`."""

        async def look() -> str:
            reactions = self._now(_message(line)).reactions
            return reactions[0].emoji if reactions else ""

        return await until("the line bears a mark", look)

    async def found_thread(self, words: str) -> str:
        """See `ChatAgent`."""

        async def look() -> str:
            for channel in tuple(self.discord.world.channels.values()):
                lines = self._talk(channel) if channel.is_thread else []
                if self.person.sees(channel) and any(words in said(one) for one in lines):
                    return said(lines[0])
            return ""

        return await until(f"a line with “{words}”", look)

    def offers(self, card: Shown, command: str) -> bool:
        """See `ChatAgent`."""
        return bool(button(self._now(_message(card)), command))

    def _now(self, message: Message) -> Message:
        world = self.discord.world
        return world.whispers.get(message.id) or world.message(message.channel_id, message.id)

    # --- acting -----------------------------------------------------------------------------

    async def uses(self, command: str, **arguments: str) -> str:
        """See `ChatAgent`."""
        outcome = await self.person.uses(LOBBY, command, **arguments)
        return await self._leafed_through(await self._told(outcome))

    async def _leafed_through(self, board: Message) -> str:
        """Every page of a board that has several."""
        words, page = said(board), 0
        while following := page_button(board, page + 1):
            outcome = await self.person.presses(board, following)
            board, page = await self._told(outcome, board), page + 1
            words += f" {said(board)}"
        return words

    async def runs(self, card: Shown, command: str, words: str = "") -> None:
        """See `ChatAgent`: Discord takes an app's commands in threads."""
        thread = self.thread(card)
        options = await self._options(thread, command, words)
        outcome = await self.person.uses(thread, command, **options)
        await self._agrees(await self._told(outcome))

    async def _options(self, thread: Channel, command: str, words: str) -> dict[str, str]:
        if not words:
            return {}
        if command != "transfer":
            return {"summary": words}
        target, _, note = words.partition(" ")
        typed = target.removeprefix("@")
        offered = await self.person.completes(thread, command, "target", typed)
        check(offered, f"“{typed}” is completed", offered)
        first = offered[0]
        assert isinstance(first, dict), "an entry has a name and a value"
        return {"target": str(first["value"]), "note": note}

    async def says(self, card: Shown, line: str) -> Shown:
        """See `ChatAgent`."""
        return _shown(await self.person.says(self.thread(card), line))

    async def presses(self, where: Shown, command: str) -> None:
        """See `ChatAgent`."""
        await self._press(_message(where), command)

    async def _press(
        self, message: Message, command: str, arguments: Mapping[str, str] | None = None
    ) -> Outcome:
        now = self._now(message)
        which = button(now, command, arguments)
        if not which:
            raise NotSeen(f"a button for {command}", ", ".join(usable(now)) or said(now))
        outcome = await self.person.presses(now, which)
        check(outcome.answered, f"the app answers {command} in time", "nothing")
        return outcome

    async def is_told(self, act: Callable[[], Awaitable[object]]) -> str:
        """See `ChatAgent`: an answer that only he sees, or a direct message."""
        before = self._private()
        await act()

        async def look() -> str:
            new = [words for key, words in self._private().items() if key not in before and words]
            return new[-1] if new else ""

        return await until(f"{self.name} is told something", look)

    def _private(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in self.person.whispers():
            found[f"w{one.id}{said(one)}"] = said(one)
        for channel in tuple(self.discord.world.channels.values()):
            if self.person.id in channel.recipients:
                found |= {f"d{one.id}": said(one) for one in self._talk(channel)}
        return found

    # --- forms ------------------------------------------------------------------------------

    async def fills(self, card: Shown, command: str, **values: str) -> None:
        """See `ChatAgent`; what the card's own menu or a few buttons offer is chosen there."""
        now = self._now(_message(card))
        for name, value in values.items():
            if which := menu(now, name):
                await self._told(await self.person.chooses(now, which, value))
                return
        outcome = await self._press(now, command)
        if outcome.modal is not None:
            await self._agrees(await self._submits(outcome.modal, values))
            return
        choice = await self._told(outcome)
        await self._told(await self._press(choice, command, values), choice)

    async def _submits(
        self, form: Modal, values: Mapping[str, str], on: Message | None = None
    ) -> Message:
        fields = usable(form)
        given: dict[str, Json] = {
            name: entry(fields[name], value) for name, value in values.items() if name in fields
        }
        return await self._told(await self.person.submits(form, **given), on)

    async def finds(self, card: Shown, command: str, field: str, typed: str) -> str:
        """See `ChatAgent`: while one types the command in the thread."""
        return str(await self.person.completes(self.thread(card), command, field, typed))

    async def prepares(self, card: Shown, template: str, values: Mapping[str, str]) -> Shown:
        """See `ChatAgent`."""
        asked = await self._told(await self._press(_message(card), "template"))
        outcome = await self.person.chooses(asked, menu(asked, "template"), template)
        return await self._filled(outcome, asked, values)

    async def writes_first(self, to: str, template: str, values: Mapping[str, str]) -> Shown:
        """See `ChatAgent`."""
        outcome = await self.person.uses(LOBBY, "template", address=to, template=template)
        return await self._filled(outcome, None, values)

    async def _filled(
        self, outcome: Outcome, on: Message | None, values: Mapping[str, str]
    ) -> Shown:
        """Whatever is asked is filled in, until the text is shown as it will be."""
        fields = {f"value.{name}": value for name, value in values.items()}
        if outcome.modal is not None:
            return _shown(await self._submits(outcome.modal, fields, on))
        shown = await self._told(outcome, on)
        if button(shown, "template", _CONFIRMED):
            return _shown(shown)
        outcome = await self._press(shown, "template")
        assert outcome.modal is not None, "its button opens the form"
        return _shown(await self._submits(outcome.modal, fields, shown))

    async def sends(self, prepared: Shown) -> None:
        """See `ChatAgent`."""
        await self._press(_message(prepared), "template")

    # --- answers ----------------------------------------------------------------------------

    async def _told(self, outcome: Outcome, on: Message | None = None) -> Message:
        """The answer to what he did, once it is there; it may take the place of `on`."""
        check(outcome.answered, "the app answers in time", "nothing")
        if outcome.interaction.answer != "update" or on is None:
            return await self.person.settled(outcome)

        async def look() -> Message | None:
            now = self._now(on)
            return now if now != on else None

        found = await until("the answer changes", look)
        assert found is not None, "until gives what holds"
        return found

    async def _agrees(self, told: Message) -> None:
        """When it is a question, yes."""
        for written in usable(told):
            if "confirmed=" in written:
                check((await self.person.presses(told, written)).answered, "an answer", "none")
                return


def _shown(message: Message) -> Shown:
    return Shown(text=said(message), of=message)


def _message(shown: Shown) -> Message:
    assert isinstance(shown.of, Message), "a message"
    return shown.of
