"""People write, change and delete while everything breaks; in the end the desk has it all, once."""

import random
from pathlib import Path

import pytest

from bridge.domain.errors import StorageUnavailable
from bridge.ports.workspace import AgentDeleted, AgentEdited, AgentPosted
from bridge.simulators.discord import Channel, EventFault, Message, Person
from tests.adapters.discord.receiving_rig import Rig, receiving

_STEPS = 80


class Chaos:
    """What people do, and what breaks; every step is drawn from one seed."""

    def __init__(self, rig: Rig, threads: list[Channel], dice: random.Random) -> None:
        self.rig = rig
        self.threads = threads
        self.dice = dice
        self.lines: list[Message] = []

    async def step(self) -> None:
        acts = (self.says, self.edits, self.deletes, self.breaks, self.fills, self.restarts)
        [act] = self.dice.choices(acts, weights=(60, 10, 8, 12, 6, 4))
        await act()

    async def says(self) -> None:
        thread = self.dice.choice(self.threads)
        who = self.dice.choice((self.rig.ana, self.rig.bo))
        self.lines.append(await who.says(thread, f"line {len(self.lines)}"))

    def newest(self) -> Message | None:
        """One of the newest lines that is still there: older ones are not looked for again."""
        there = [line for line in self.lines[-8:] if self.now(line) is not None]
        return self.dice.choice(there) if there else None

    def now(self, line: Message) -> Message | None:
        return self.rig.discord.world.messages[line.channel_id].get(line.id)

    def is_there(self, line: str) -> bool:
        """Whether nobody has deleted it."""
        return any(line in there for there in self.rig.discord.world.messages.values())

    def there(self, thread: Channel) -> list[str]:
        """What stands in a thread, in order; what was deleted may come late or not at all."""
        return [line.id for line in self.lines if line.channel_id == thread.id and self.now(line)]

    def writer(self, line: Message) -> Person:
        return self.rig.ana if line.author_id == self.rig.ana.id else self.rig.bo

    async def edits(self) -> None:
        line = self.newest()
        if line is not None:
            await self.writer(line).edits(line, f"changed {self.dice.randrange(1_000)}")

    async def deletes(self) -> None:
        line = self.newest()
        if line is not None:
            await self.writer(line).deletes(line)

    async def breaks(self) -> None:
        hub = self.rig.discord.hub
        match self.dice.randrange(4):
            case 0:
                hub.drop(self.rig.app)
            case 1:
                hub.reconnect(self.rig.app)
            case 2:
                hub.invalidate(self.rig.app)
            case _:
                self.rig.discord.fault(EventFault(type="MESSAGE_CREATE", kind="duplicate"))

    async def fills(self) -> None:
        """The disk is full for a moment, or well again."""
        desk = self.rig.desk
        desk.fault = None if desk.fault is not None else StorageUnavailable("full")

    async def restarts(self) -> None:
        self.rig.desk.fault = None
        await self.rig.stop()
        for _ in range(self.dice.randrange(3)):
            await self.says()
        self.rig.build()
        await self.rig.begin()


@pytest.mark.parametrize("seed", range(4))
async def test_in_the_end_the_desk_has_every_line_once_as_it_is_and_in_order(
    tmp_path: Path, seed: int
) -> None:
    async with receiving(tmp_path) as rig:
        chaos = Chaos(rig, await rig.many_threads(3), random.Random(seed))  # a play
        for _ in range(_STEPS):
            await chaos.step()
        rig.desk.fault = None
        await rig.until(lambda: rig.discord.hub.connected(rig.app))

        await rig.restart()
        await rig.heard_everything()

        for thread in chaos.threads:
            taken = posted(rig, thread.id)
            assert len(taken) == len(set(taken))
            assert [each for each in taken if chaos.is_there(each)] == chaos.there(thread)
        assert as_the_desk_has_it(rig) == as_discord_has_it(rig, chaos)


def posted(rig: Rig, thread: str) -> list[str]:
    """The lines of a thread as they came to the desk."""
    return [each.external_id for each in rig.desk.posts() if each.thread == thread]


def as_the_desk_has_it(rig: Rig) -> dict[str, str]:
    lines: dict[str, str] = {}
    for event in rig.desk.events:
        match event:
            case AgentPosted() | AgentEdited():
                lines[event.external_id] = event.content.words()
            case AgentDeleted():
                lines.pop(event.external_id, None)
            case _:
                pass
    return lines


def as_discord_has_it(rig: Rig, chaos: Chaos) -> dict[str, str]:
    now = (chaos.now(line) for line in chaos.lines)
    return {line.id: line.content for line in now if line is not None}
