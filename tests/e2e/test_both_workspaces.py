"""A team in Slack and in Discord at once: one desk, one queue, one customer at a time."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest

from bridge.adapters.workspaces.slack.setup.manifest import manifest
from bridge.commands.registry import declared
from bridge.demo.discord import house as in_discord
from bridge.demo.discord.agent import DiscordAgent
from bridge.demo.house import House, open_house
from bridge.demo.slack import house as in_slack
from bridge.demo.slack.agent import SlackAgent
from bridge.demo.slack.seat import SlackSeat
from bridge.demo.tour.lobby import Lobby
from bridge.ports.connecting import AppWish
from bridge.settings import FILE_NAME, Settings, load
from bridge.simulators.discord import DiscordSimulator
from bridge.simulators.discord import Timing as DiscordTiming
from bridge.simulators.slack import App, SlackSimulator, Timing
from tests.patience import until

# A busy machine is no slow app: nothing here is lost to the clock.
_SLACK = Timing(ack_within=20.0, trigger_lives=60.0)
_DISCORD = DiscordTiming(answer_within=20.0)


@dataclass(frozen=True, kw_only=True)
class Both:
    """Bruno answers in Slack and Carla in Discord; both are in sales and in support."""

    lobby: Lobby
    bruno: SlackSeat
    carla: DiscordAgent
    slack: SlackSimulator
    discord: DiscordSimulator


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    async with (
        SlackSimulator.running(timing=_SLACK) as slack,
        DiscordSimulator.running(timing=_DISCORD) as discord,
        AsyncExitStack() as open_,
    ):
        app = slack.install(manifest(declared(), AppWish()))
        team = in_discord.furnish(discord, "en")
        settings = _settings(tmp_path, slack, app, team)
        house = await open_.enter_async_context(open_house(settings))
        await discord.until(lambda: discord.world.commands, 60.0)
        bruno = SlackAgent(slack, app, slack.hire("Bruno"))
        both = Both(
            lobby=Lobby(house, open_),
            bruno=SlackSeat(bruno),
            carla=team.agents["carla"],
            slack=slack,
            discord=discord,
        )
        await _set_up(house, both, team, app)
        yield both


def _settings(folder: Path, slack: SlackSimulator, app: App, team: in_discord.Team) -> Settings:
    text = files("bridge.demo").joinpath("files", FILE_NAME).read_text("utf-8")
    text = text.replace("@language@", "en").replace("@secret@", "5" * 32)
    tables = (
        in_slack.workspace_table(slack, app, mode="socket", language="en"),
        in_discord.workspace_table(team, "en"),
        '[bots.menu]\nkind = "menu"\n',
    )
    path = folder / FILE_NAME
    path.touch(mode=0o600)
    path.write_text("\n".join((text.partition("[workspaces.local]")[0], *tables)), "utf-8")
    return load(path, {})


async def _set_up(house: House, both: Both, team: in_discord.Team, app: App) -> None:
    ask, bruno = house.operator.asks, both.bruno.agent.person
    for queue, strategy in (("sales", "least_loaded"), ("support", "manual")):
        await ask("POST", "/v1/queues", name=queue, title=queue.capitalize())
        await ask("PATCH", f"/v1/queues/{queue}", strategy=strategy)
        room = both.slack.channel(queue, bruno, app, kind="private")
        rooms = {"slack": room.id, "discord": team.rooms[queue].id}
        for workspace, id_ in rooms.items():
            await ask("POST", "/v1/rooms", workspace=workspace, room=id_, title=queue, queue=queue)
    people = {"bruno": ("slack", bruno.id), "carla": ("discord", both.carla.person.id)}
    for handle, (workspace, user) in people.items():
        await ask(
            "POST",
            "/v1/agents",
            handle=handle,
            name=handle.capitalize(),
            role="agent",
            capacity=50,
            workspace=workspace,
            user=user,
        )
        for queue in ("sales", "support"):
            await ask("PUT", f"/v1/queues/{queue}/members/{handle}", level=0)
    await both.bruno.uses("available", state="on")
    await both.carla.uses("available", state="on")


async def test_one_queue_gives_to_agents_of_both(both: Both) -> None:
    for name in ("Ida", "Ivo"):
        case = await both.lobby.with_bot(name)
        await case.customer.presses("Buy something")
        await case.customer.presses("Talk to sales")
        await both.lobby.number(name, "assigned")

    found = await both.lobby.operator.reads("/v1/conversations", queue="sales")
    numbers = sorted(each["number"] for each in found["conversations"])
    held = {str(each["agent"]).lower(): each["number"] for each in found["conversations"]}
    assert set(held) == {"bruno", "carla"}
    assert sorted(held.values()) == numbers
    await both.bruno.card(held["bruno"], "With Bruno")
    await both.carla.card(held["carla"], "With Carla")


async def test_who_waits_is_shown_in_both_and_taken_once(both: Both) -> None:
    case = await both.lobby.waiting("Jon")
    await both.bruno.card(case.number, "Waiting")
    hers = await both.carla.card(case.number, "Waiting")

    await both.carla.presses(hers, "take")

    await both.carla.card(case.number, "With Carla")
    await until(lambda: not both.bruno.cards(case.number))


async def test_a_transfer_opens_the_thread_on_the_other_side(both: Both) -> None:
    case = await both.lobby.waiting("Kai", "Please let me talk to a person about my lamp")
    his = await both.bruno.card(case.number, "Waiting")
    await both.bruno.presses(his, "take")
    his = await both.bruno.card(case.number, "With Bruno")
    await both.bruno.says(his, "I am looking into it")
    await case.customer.hears("I am looking into it", by="agent")

    await both.bruno.runs(his, "transfer", "@carla she knows lamps")
    hers = await both.carla.card(case.number, "With Carla")

    assert "I am looking into it" in await both.carla.reads(hers, "I am looking into it")
    assert "about my lamp" in await both.carla.reads(hers, "about my lamp")
    assert "she knows lamps" in await both.carla.reads(hers, "she knows lamps")
    await both.carla.says(hers, "Which lamp is it?")
    await case.customer.hears("Which lamp is it?", by="agent")
    refused = await both.bruno.is_told(lambda: both.bruno.says(his, "One more thing"))
    assert "Carla" in refused
    assert "One more thing" not in str(case.customer.lines("agent"))


async def test_and_back_again(both: Both) -> None:
    case = await both.lobby.waiting("Lea")
    hers = await both.carla.card(case.number, "Waiting")
    await both.carla.presses(hers, "take")
    hers = await both.carla.card(case.number, "With Carla")
    await both.carla.says(hers, "Hello Lea")
    await case.customer.hears("Hello Lea", by="agent")

    await both.carla.runs(hers, "transfer", "@bruno he is from your town")
    his = await both.bruno.card(case.number, "With Bruno")
    await both.bruno.reads(his, "Hello Lea")
    await case.customer.says("Good to meet you, Bruno")

    assert "Good to meet you" in await both.bruno.reads(his, "Good to meet you")
    await both.bruno.says(his, "How can I help?")
    await case.customer.hears("How can I help?", by="agent")
    await both.bruno.runs(his, "return-to-bot")
    await both.lobby.number("Lea", "ended")
