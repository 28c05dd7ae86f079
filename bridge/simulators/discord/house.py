"""What every act of a person needs, and what comes of an interaction."""

from dataclasses import dataclass, field

from bridge.simulators.common.ledger import Ledger
from bridge.simulators.common.wire import Json
from bridge.simulators.discord.changes import GaveUpWaiting
from bridge.simulators.discord.faults import Faults
from bridge.simulators.discord.gateway.hub import Hub
from bridge.simulators.discord.state import threads
from bridge.simulators.discord.state.records import Interaction, Message, Modal
from bridge.simulators.discord.state.world import World


class CannotDo(AssertionError):
    """Discord's own screen would not let a person do that. Says what is there instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What an app made of a command, a press or a form."""

    interaction: Interaction
    answered: bool
    """In time. Otherwise the person reads "The application did not respond"."""
    message: Message | None = None
    """The message of its first answer, as it was when it came."""
    modal: Modal | None = None
    choices: tuple[Json, ...] = field(default=())


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """The parts of the simulator that acts use."""

    world: World
    ledger: Ledger
    hub: Hub
    faults: Faults

    def begin(self) -> World:
        """The world as it is now, with what was silent for too long put away."""
        threads.archive_silent(self.world)
        return self.world

    async def done(self, verb: str, who: str, **said: Json) -> None:
        """What a person did is on disk; now everybody may hear of it."""
        happened = self.world.changes.take()
        await self.ledger.append(f"person.{verb}", who, **said)
        self.world.changes.tell(happened)

    async def answer_to(self, it: Interaction) -> Outcome:
        """Wait for the first answer, as long as Discord waits."""
        world = self.world
        try:
            await world.changes.until(
                lambda: world.interactions[it.id].answer, world.timing.answer_within
            )
        except GaveUpWaiting:
            return Outcome(interaction=it, answered=False)
        found = world.interactions[it.id]
        message = self.message_of(found)
        return Outcome(
            interaction=found,
            answered=True,
            message=message,
            modal=found.modal,
            choices=found.choices,
        )

    def message_of(self, it: Interaction) -> Message | None:
        """The first answer as it is now."""
        there = self.world.messages.get(it.channel_id, {})
        return self.world.whispers.get(it.original_id or "") or there.get(it.original_id or "")

    async def settled(self, outcome: Outcome, within: float = 30.0) -> Message:
        """The first answer, once the bot has stopped thinking. Raises `GaveUpWaiting`."""

        def ready() -> Message | None:
            message = self.message_of(outcome.interaction)
            return None if message is None or message.is_loading else message

        return await self.world.changes.until(ready, within)


def closed(modal: Modal, world: World) -> Modal:
    """A form that left the screen. Raises `CannotDo` when it was not there."""
    if modal not in world.modals:
        raise CannotDo("this form is not open")
    world.dismiss(modal)
    return modal
