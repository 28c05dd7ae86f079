"""An agent's Slack, as the rows of every chat workspace ask for it."""

from collections.abc import Awaitable, Callable, Mapping

from bridge.demo.chat.agent import Shown
from bridge.demo.slack.agent import Shown as Seen
from bridge.demo.slack.agent import SlackAgent, elements, said
from bridge.demo.surfaces.patience import NotSeen, check, until
from bridge.simulators.common.wire import Json
from bridge.simulators.slack import Ephemeral, Message, View

_LOOKED_UP = ("target",)


class SlackSeat:
    """See `ChatAgent`."""

    green = ":large_green_circle:"
    brown = ":large_brown_circle:"

    def __init__(self, agent: SlackAgent) -> None:
        """With Slack open in front of him."""
        self.agent = agent
        self.name = agent.name

    # --- looking ----------------------------------------------------------------------------

    def cards(self, number: int) -> list[Shown]:
        """See `ChatAgent`."""
        return [_shown(card) for card in self.agent.cards(number)]

    async def card(self, number: int, *words: str, without: str = "") -> Shown:
        """See `ChatAgent`."""
        return _shown(await self.agent.card(number, *words, without=without))

    async def monitored(self, number: int) -> Shown:
        """See `ChatAgent`."""

        async def look() -> Message | None:
            return self.agent.watched(number)

        return _shown(await until(f"the monitor room has #{number}", look))

    async def reads(self, card: Shown, words: str) -> str:
        """See `ChatAgent`."""
        return await self.agent.reads(_message(card), words)

    async def called(self, card: Shown) -> str:
        """See `ChatAgent`."""
        root = _message(card).ts

        async def look() -> list[str]:
            return [said(one) for one in self.agent.person.pings() if one.root_ts == root]

        return (await until(f"one line calls {self.name}", look))[0]

    async def marked(self, line: Shown) -> str:
        """See `ChatAgent`."""
        message = _message(line)

        async def look() -> str:
            now = self.agent.slack.world.message(message.channel, message.ts)
            return f":{now.reactions[0].name}:" if now.reactions else ""

        return await until("the line bears a mark", look)

    async def found_thread(self, words: str) -> str:
        """See `ChatAgent`."""
        slack, me = self.agent.slack, self.agent.person.id

        async def look() -> str:
            for channel in slack.world.channels.values():
                for one in slack.messages(channel):
                    if words in said(one) and me in channel.members:
                        return said(slack.thread(one)[0])
            return ""

        return await until(f"a line with “{words}”", look)

    def offers(self, card: Shown, command: str) -> bool:
        """See `ChatAgent`."""
        actions = (str(each["action_id"]) for each in elements(_seen(card)))
        return any(each.startswith(f"run:{command}") for each in actions)

    # --- acting -----------------------------------------------------------------------------

    async def uses(self, command: str, **arguments: str) -> str:
        """See `ChatAgent`: what Discord has names for is words in a row here."""
        line = " ".join((f"/{command}", *arguments.values()))
        return said(await self.agent.is_told(lambda: self.agent.types(line), line))

    async def runs(self, card: Shown, command: str, words: str = "") -> None:
        """See `ChatAgent`."""
        await self.agent.says(_message(card), f"!{command} {words}".rstrip())

    async def says(self, card: Shown, line: str) -> Shown:
        """See `ChatAgent`."""
        return _shown(await self.agent.says(_message(card), line))

    async def presses(self, where: Shown, command: str) -> None:
        """See `ChatAgent`."""
        await self.agent.presses(_seen(where), command)

    async def is_told(self, act: Callable[[], Awaitable[object]]) -> str:
        """See `ChatAgent`."""
        return said(await self.agent.is_told(act))

    async def fills(self, card: Shown, command: str, **values: str) -> None:
        """See `ChatAgent`."""
        form = await self.agent.form(_message(card), command)
        given: dict[str, Json] = dict(values)
        for field in _LOOKED_UP:
            if field in values:
                given[field] = await self.agent.finds(form, field, values[field])
        await self.agent.submits(form, given)

    async def finds(self, card: Shown, command: str, field: str, typed: str) -> str:
        """See `ChatAgent`."""
        form = await self.agent.form(_message(card), command)
        return str(await self.agent.finds(form, field, typed))

    async def prepares(self, card: Shown, template: str, values: Mapping[str, str]) -> Shown:
        """See `ChatAgent`."""
        form = await self.agent.form(_message(card), "template", template)
        chosen = await self.agent.person.clicks(form, "fill:menu", option=template)
        check(chosen.answered, "the form follows the template", chosen.reason)
        fields: dict[str, Json] = {f"value.{name}": value for name, value in values.items()}
        asking = await self.agent.modal(*fields)
        return _shown(await self.agent.submits(asking, fields))

    async def writes_first(self, to: str, template: str, values: Mapping[str, str]) -> Shown:
        """See `ChatAgent`."""
        line = " ".join(("/template", to, template, *values.values()))
        return _shown(await self.agent.is_told(lambda: self.agent.types(line), line))

    async def sends(self, prepared: Shown) -> None:
        """See `ChatAgent`."""
        await self.presses(prepared, "template")


def _shown(seen: Seen | None) -> Shown:
    if seen is None:
        raise NotSeen("something on the screen", "nothing")
    return Shown(text=said(seen), of=seen)


def _message(shown: Shown) -> Message:
    assert isinstance(shown.of, Message), "a card or a line"
    return shown.of


def _seen(shown: Shown) -> Seen:
    assert isinstance(shown.of, Message | Ephemeral | View), "something of Slack"
    return shown.of
