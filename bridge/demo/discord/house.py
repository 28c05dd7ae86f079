"""A desk whose team answers from a simulated Discord, with its rooms, agents and texts."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from bridge.adapters.workspaces.discord.setup.permissions import ALL
from bridge.adapters.workspaces.discord.tag_names import every_tag
from bridge.demo.cast import PEOPLE, QUEUES, TEMPLATES
from bridge.demo.discord.agent import LOBBY, MONITOR, DiscordAgent
from bridge.demo.house import HOST, NOTHING, House, earlier, open_house
from bridge.demo.phone.shop import Shop
from bridge.domain.ids import SECOND
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.clock import MovableClock
from bridge.ports.http import ServesHTTP
from bridge.settings import FILE_NAME, Settings, load
from bridge.simulators.discord import App, Channel, DiscordSimulator, Guild, Role, Timing

WORKSPACE = "discord"
_PATIENT = Timing(answer_within=20.0)
"""A busy machine is no slow app: nothing that is played here is lost to the clock."""
_LOCALES = {"en": "en-US", "pt_BR": "pt-BR"}


class Team(Value):
    """The team's server: the app, and everybody who answers there, by handle."""

    discord: DiscordSimulator
    guild: Guild
    app: App
    role: Role
    rooms: dict[str, Channel]
    agents: dict[str, DiscordAgent]


@asynccontextmanager
async def open_discord_house(
    folder: Path,
    *,
    language: str = "en",
    port: int = 0,
    discord_port: int = 0,
    capacity: int = 5,
    host: str = HOST,
    available: bool = True,
    clock: MovableClock | None = None,
    pages: Sequence[ServesHTTP] = (),
    shop: Shop | None = None,
) -> AsyncIterator[tuple[House, Team]]:
    """A desk and its Discord on one clock, set up as an admin would, as long as the block runs."""
    time = clock or earlier(0)
    environ = NOTHING if shop is None else shop.environment()
    async with DiscordSimulator.running(
        port=discord_port, timing=_PATIENT, now=lambda: time.now() / SECOND
    ) as discord:
        team = furnish(discord, language)
        settings = settle_in(folder, team, language=language, environ=environ)
        async with open_house(
            settings, host=host, port=port, clock=time, pages=pages, shop=shop
        ) as house:
            await discord.until(lambda: discord.hub.connected(team.app), 60.0)
            await discord.until(lambda: discord.world.commands, 60.0)
            await set_up(house, team, language=language, capacity=capacity)
            for agent in team.agents.values() if available else ():
                await agent.uses("available", state="on")
            yield house, team


def furnish(discord: DiscordSimulator, language: str) -> Team:
    """A server with its people, a forum for each queue, and a room for the monitor."""
    admin = next(one for one in PEOPLE if one.admin)
    guild = discord.guild("Casa Aurora", owner=admin.handle)
    locale = _LOCALES[language]
    people = {one.handle: discord.person(one.handle, guild, locale=locale) for one in PEOPLE}
    app = discord.application()
    discord.invite(app, guild, ALL)
    role = discord.role(guild, "Agents", *people.values())
    rooms = {LOBBY: discord.channel(guild, LOBBY)}
    for name in QUEUES:
        rooms[name] = discord.channel(
            guild, name, kind=15, tags=every_tag(language), only_for=(role, app)
        )
    rooms[MONITOR] = discord.channel(guild, MONITOR, only_for=(people[admin.handle], app))
    agents = {name: DiscordAgent(discord, app, person) for name, person in people.items()}
    return Team(discord=discord, guild=guild, app=app, role=role, rooms=rooms, agents=agents)


def settle_in(
    folder: Path, team: Team, *, language: str, environ: Mapping[str, str] = NOTHING
) -> Settings:
    """The settings of the desk, as `deskbridge connect discord` would write them."""
    text = files("bridge.demo").joinpath("files", FILE_NAME).read_text("utf-8")
    text = text.replace("@language@", language).replace("@secret@", secrets.token_hex(16))
    text = text.partition("[workspaces.local]")[0] + (
        f'{workspace_table(team, language)}\n[bots.menu]\nkind = "menu"\n'
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE_NAME
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")
    return load(path, environ)


def workspace_table(team: Team, language: str) -> str:
    """The table of this workspace in the settings."""
    discord = team.discord
    return (
        f"[workspaces.{WORKSPACE}]\n"
        f'kind = "discord"\nlanguage = "{language}"\nbot_token = "{team.app.token}"\n'
        f'guild = "{team.guild.id}"\n'
        f'api_url = "{discord.api_url}"\ngateway_url = "{discord.gateway_url}"\n'
        # The simulated Discord has no limits here: nobody shall wait for a card.
        "calls_per_second = 10000\ncalls_of_a_kind = 10000\nposts_in_thread = 1000\n"
        "threads_in_room = 10000\ncard_edit_seconds = 0.3\n"
    )


async def set_up(house: House, team: Team, *, language: str, capacity: int) -> None:
    """Queues and agents by the command line; rooms by the admin, in Discord."""
    ask = house.operator.asks
    for name, rules in QUEUES.items():
        await ask("POST", "/v1/queues", name=name, title=say(language, f"demo.queue.{name}"))
        await ask("PATCH", f"/v1/queues/{name}", **rules)
    for person in PEOPLE:
        await add_agent(house, team, person.handle, person.queues, person.admin, capacity)
    for name, spoken, body in TEMPLATES:
        await ask("POST", "/v1/templates", name=name, language=spoken, body=body)
    await bind_rooms(team)


async def bind_rooms(team: Team) -> None:
    """The admin binds every room, by its name."""
    for room in (*QUEUES, MONITOR):
        details = f"{room} <#{team.rooms[room].id}>"
        await team.agents["ana"].uses("queues", action="bind", details=details)


async def add_agent(
    house: House,
    team: Team,
    handle: str,
    queues: tuple[str, ...],
    admin: bool = False,
    capacity: int = 5,
) -> None:
    """Somebody of the team's Discord becomes an agent."""
    agent = team.agents[handle]
    await house.operator.asks(
        "POST",
        "/v1/agents",
        handle=handle,
        name=agent.name,
        role="admin" if admin else "agent",
        capacity=capacity,
        workspace=WORKSPACE,
        user=agent.person.id,
    )
    for queue in queues:
        await house.operator.asks("PUT", f"/v1/queues/{queue}/members/{handle}", level=0)
