"""When the desk or Discord fails, is slow or speaks twice: everybody gets his answer, once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bridge.adapters.workspaces.discord.adapter import DiscordWorkspace
from bridge.adapters.workspaces.discord.surfaces.waits import Waits
from bridge.domain.agent import Agent, Role
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import AgentId, Language
from bridge.ports.commands import (
    Answer,
    ArgumentKind,
    ArgumentSpec,
    CommandInvoked,
    CommandSpec,
    WorkspaceUser,
)
from bridge.ports.queries import Choices, Complete, Home, Option, Query, View
from bridge.simulators.discord import (
    Channel,
    DiscordSimulator,
    EventFault,
    Fault,
    Message,
    Outcome,
    Person,
    Timing,
)
from tests.adapters.discord.office import TIMING, pressable, words
from tests.adapters.discord.rig import context_for, settings_for
from tests.adapters.slack.rig import Desk
from tests.fakes.adapter_memory import FolderFiles, MemoryStore
from tests.patience import PATIENCE

COMMANDS = (
    CommandSpec(name="take", in_thread=False),
    CommandSpec(
        name="note",
        in_thread=False,
        arguments=(ArgumentSpec(name="text", kind=ArgumentKind.TEXT),),
    ),
    CommandSpec(
        name="available",
        in_thread=False,
        arguments=(ArgumentSpec(name="agent", kind=ArgumentKind.AGENT),),
    ),
)
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
CHANGE = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/*"
ANA = Agent(id=AgentId(1), handle="ana", name="Ana", role=Role.AGENT, language=Language("en"))


class SlowDesk(Desk):
    """Answers only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.lets = asyncio.Event()
        self.lets.set()

    async def invoke(self, command: CommandInvoked) -> Answer:
        await self.lets.wait()
        if command.source[0] in self._sources:
            return Answer(ok=True, code="duplicate", text=())
        return await super().invoke(command)

    async def ask(self, query: Query, by: WorkspaceUser) -> View:
        await self.lets.wait()
        if isinstance(query, Complete):
            return Choices(options=(Option(value="@ana", label="Ana"),))
        return Home(agent=ANA, language=Language("en"), holding=(), waiting=(), queues=())


@dataclass(frozen=True, kw_only=True, slots=True)
class Rig:
    discord: DiscordSimulator
    desk: SlowDesk
    ana: Person
    room: Channel

    async def told(self, outcome: Outcome, words_: str) -> Message:
        """The private answer, once it says this."""

        def says() -> Message | None:
            found = [one for one in self.ana.whispers() if words_ in words(one)]
            return found[-1] if found else None

        assert outcome.answered
        return await self.discord.until(says, PATIENCE)

    async def direct(self, words_: str) -> Message:
        """The direct message that says this."""

        def says() -> Message | None:
            channels = self.discord.world.channels.values()
            mine = [one for one in channels if self.ana.id in one.recipients]
            lines = [each for one in mine for each in self.discord.messages(one)]
            return next((one for one in lines if words_ in words(one)), None)

        return await self.discord.until(says, PATIENCE)


@asynccontextmanager
async def serve(folder: Path, waits: Waits) -> AsyncIterator[Rig]:
    async with AsyncExitStack() as open_:
        discord = await open_.enter_async_context(DiscordSimulator.running(timing=TIMING))
        http = await open_.enter_async_context(aiohttp.ClientSession())
        guild, app = discord.guild("Acme", owner="olga"), discord.application()
        discord.invite(app, guild)
        ana, room, desk = discord.person("ana", guild), discord.channel(guild, "desk"), SlowDesk()
        workspace = DiscordWorkspace(
            settings_for(discord, app, guild, calls_per_second=10_000),
            context_for(MemoryStore(), FolderFiles(folder), http),
            waits=waits,
        )
        await workspace.start(desk, COMMANDS)
        open_.push_async_callback(workspace.stop)
        await discord.until(lambda: len(discord.world.commands) > len(COMMANDS), PATIENCE)
        yield Rig(discord=discord, desk=desk, ana=ana, room=room)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """A desk that nobody is told to wait for."""
    waits = Waits(form=PATIENCE, choices=PATIENCE, answer=PATIENCE)
    async with serve(tmp_path, waits) as opened:
        yield opened


@pytest.fixture
async def hasty(tmp_path: Path) -> AsyncIterator[Rig]:
    """Everybody is told at once that it takes its time."""
    async with serve(tmp_path, Waits(form=0.01, choices=0.01, answer=0.01)) as opened:
        yield opened


# --- a slow desk ------------------------------------------------------------------------------


async def test_a_slow_desk_is_excused_and_its_answer_still_comes(hasty: Rig) -> None:
    hasty.desk.lets.clear()

    outcome = await hasty.ana.uses(hasty.room, "take")
    excuse = await hasty.told(outcome, "takes its time")
    hasty.desk.lets.set()
    answer = await hasty.told(outcome, "ran take")

    assert answer.id == excuse.id


async def test_a_form_that_takes_too_long_is_a_button_away(hasty: Rig) -> None:
    hasty.desk.lets.clear()

    outcome = await hasty.ana.uses(hasty.room, "note")
    assert outcome.interaction.answer == "thinking"
    hasty.desk.lets.set()
    button = await hasty.told(outcome, "opens with this button")

    assert [one.command for _, one in pressable(button)] == ["note"]


async def test_a_completion_that_takes_too_long_offers_nothing(hasty: Rig) -> None:
    hasty.desk.lets.clear()

    found = await hasty.ana.completes(hasty.room, "available", "agent", "a")
    hasty.desk.lets.set()

    assert found == []


async def test_a_form_opens_at_once_when_the_desk_is_quick(rig: Rig) -> None:
    outcome = await rig.ana.uses(rig.room, "note")

    assert outcome.modal is not None


# --- a desk that fails ------------------------------------------------------------------------


async def test_a_desk_that_is_away_is_told_kindly(rig: Rig) -> None:
    rig.desk.fault = StorageUnavailable("the disk is full")

    outcome = await rig.ana.uses(rig.room, "take")

    await rig.told(outcome, "cannot be reached right now")


async def test_an_error_that_nobody_foresaw_is_told_kindly(rig: Rig) -> None:
    rig.desk.fault = ZeroDivisionError("a fault of ours")

    outcome = await rig.ana.uses(rig.room, "take")

    await rig.told(outcome, "Something went wrong")


async def test_a_desk_that_is_away_speaks_the_reader_s_language(rig: Rig) -> None:
    rig.desk.fault = StorageUnavailable("the disk is full")
    guild = rig.discord.world.guilds[rig.room.guild_id or ""]
    lia = rig.discord.person("lia", guild, locale="pt-BR")

    outcome = await lia.uses(rig.room, "take")

    assert "não responde agora" in words(await lia.settled(outcome, PATIENCE))


# --- a Discord that fails ---------------------------------------------------------------------


async def test_a_first_answer_whose_receipt_is_lost_is_not_given_twice(rig: Rig) -> None:
    rig.discord.fault(Fault(route=CALLBACK, kind="drop", accepted=True))

    outcome = await rig.ana.uses(rig.room, "take")
    await rig.told(outcome, "ran take")

    assert len(rig.ana.whispers()) == 1


async def test_a_first_answer_that_fails_once_is_given_again(rig: Rig) -> None:
    rig.discord.fault(Fault(route=CALLBACK, kind="status", status=502))

    outcome = await rig.ana.uses(rig.room, "take")

    await rig.told(outcome, "ran take")


async def test_an_interaction_that_discord_gave_up_is_answered_in_a_direct_message(
    rig: Rig,
) -> None:
    rig.discord.fault(Fault(route=CALLBACK, kind="error", status=404, code=10062, times=None))
    rig.discord.world.timing = Timing(answer_within=0.05)

    outcome = await rig.ana.uses(rig.room, "take")
    told = await rig.direct("ran take")

    assert not outcome.answered
    assert told.components
    assert len(rig.desk.invoked) == 1


async def test_an_answer_whose_token_is_gone_becomes_a_direct_message(rig: Rig) -> None:
    rig.discord.fault(Fault(route=CHANGE, kind="error", status=404, code=10015, times=None))

    await rig.ana.uses(rig.room, "take")

    await rig.direct("ran take")


async def test_an_answer_that_fails_for_now_is_brought_again(rig: Rig) -> None:
    rig.discord.fault(Fault(route=CHANGE, kind="status", status=500, times=2))

    outcome = await rig.ana.uses(rig.room, "take")

    await rig.told(outcome, "ran take")


async def test_an_interaction_that_is_told_twice_is_run_and_answered_once(rig: Rig) -> None:
    rig.discord.fault(EventFault(kind="duplicate", type="INTERACTION_CREATE"))

    outcome = await rig.ana.uses(rig.room, "take")
    await rig.told(outcome, "ran take")

    assert len(rig.desk.invoked) == 1
    assert [words(one) for one in rig.ana.whispers()] == ["ran take"]


# --- commands that Discord does not take ------------------------------------------------------


async def test_a_bot_without_the_right_to_commands_says_how_to_mend_it(tmp_path: Path) -> None:
    async with DiscordSimulator.running(timing=TIMING) as discord, aiohttp.ClientSession() as http:
        guild, app = discord.guild("Acme", owner="olga"), discord.application()
        discord.invite(app, guild)
        listing = "GET /applications/*/commands"
        discord.fault(Fault(route=listing, kind="error", status=403, code=50001, times=None))
        workspace = DiscordWorkspace(
            settings_for(discord, app, guild),
            context_for(MemoryStore(), FolderFiles(tmp_path), http),
        )
        await workspace.start(Desk(), COMMANDS)
        try:
            await discord.until(lambda: workspace.site.standing.is_wrong("commands"), PATIENCE)
            found = [each for each in workspace.site.standing.checks() if each.name == "commands"]
        finally:
            await workspace.stop()

    assert "invite the bot again" in found[0].fix
