"""A desk whose team answers from a simulated Slack, with its rooms, agents and texts."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Literal

from bridge.adapters.workspaces.slack.setup.manifest import manifest
from bridge.commands.registry import declared
from bridge.demo.cast import PEOPLE, QUEUES, TEMPLATES
from bridge.demo.house import HOST, NOTHING, House, earlier, open_house
from bridge.demo.phone.shop import Shop
from bridge.demo.slack.agent import SlackAgent
from bridge.domain.ids import SECOND, Language
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.clock import MovableClock
from bridge.ports.connecting import AppWish
from bridge.ports.http import ServesHTTP
from bridge.settings import FILE_NAME, Settings, load
from bridge.simulators.slack import App, Person, SlackSimulator, Timing

WORKSPACE = "slack"
Mode = Literal["socket", "http"]
_PATIENT = Timing(ack_within=20.0, trigger_lives=60.0)
"""A busy machine is no slow app: nothing that is played here is lost to the clock."""


class Team(Value):
    """The team's Slack: the app, and everybody who answers there, by handle."""

    slack: SlackSimulator
    app: App
    agents: dict[str, SlackAgent]


@asynccontextmanager
async def open_slack_house(
    folder: Path,
    *,
    mode: Mode = "socket",
    language: str = "en",
    port: int = 0,
    slack_port: int = 0,
    capacity: int = 5,
    host: str = HOST,
    available: bool = True,
    clock: MovableClock | None = None,
    pages: Sequence[ServesHTTP] = (),
    shop: Shop | None = None,
) -> AsyncIterator[tuple[House, Team]]:
    """A desk and its Slack on one clock, set up as an admin would, as long as the block runs."""
    time = clock or earlier(0)
    environ = NOTHING if shop is None else shop.environment()
    async with SlackSimulator.running(
        port=slack_port, timing=_PATIENT, now=lambda: time.now() / SECOND
    ) as slack:
        app = slack.install(manifest(declared(), AppWish(language=Language(language))))
        people = {each.handle: slack.hire(each.name, is_admin=each.admin) for each in PEOPLE}
        settings = settle_in(folder, slack, app, mode=mode, language=language, environ=environ)
        async with open_house(
            settings, host=host, port=port, clock=time, pages=pages, shop=shop
        ) as house:
            if mode == "http":
                slack.point(app, f"{house.url}/slack/{WORKSPACE}/events")
            team = Team(
                slack=slack,
                app=app,
                agents={
                    handle: SlackAgent(slack, app, person) for handle, person in people.items()
                },
            )
            await set_up(house, team, language=language, capacity=capacity)
            for agent in team.agents.values() if available else ():
                await come_in(agent)
            yield house, team


def settle_in(
    folder: Path,
    slack: SlackSimulator,
    app: App,
    *,
    mode: Mode,
    language: str,
    environ: Mapping[str, str] = NOTHING,
) -> Settings:
    """The settings of the desk, as `deskbridge connect slack` would write them."""
    text = files("bridge.demo").joinpath("files", FILE_NAME).read_text("utf-8")
    text = text.replace("@language@", language).replace("@secret@", secrets.token_hex(16))
    text = text.partition("[workspaces.local]")[0] + (
        f'{workspace_table(slack, app, mode=mode, language=language)}\n[bots.menu]\nkind = "menu"\n'
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE_NAME
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")
    return load(path, environ)


def workspace_table(slack: SlackSimulator, app: App, *, mode: Mode, language: str) -> str:
    """The table of this workspace in the settings."""
    return (
        f"[workspaces.{WORKSPACE}]\n"
        f'kind = "slack"\nmode = "{mode}"\nlanguage = "{language}"\napi_url = "{slack.api_url}"\n'
        f'bot_token = "{app.bot_token}"\napp_token = "{app.app_token}"\n'
        f'signing_secret = "{app.signing_secret}"\n'
        # The simulated Slack has no limits here: nobody shall wait for a card.
        "posts_per_channel = 20\nposts_per_minute = 10000\ncard_edit_seconds = 0.3\n"
        "edits_per_minute = 10000\n"
    )


async def set_up(house: House, team: Team, *, language: str, capacity: int) -> None:
    """Queues and agents by the command line; rooms by the admin, in Slack."""
    ask, slack = house.operator.asks, team.slack
    everybody: list[Person | App] = [each.person for each in team.agents.values()]
    for name, rules in QUEUES.items():
        await ask("POST", "/v1/queues", name=name, title=say(language, f"demo.queue.{name}"))
        await ask("PATCH", f"/v1/queues/{name}", **rules)
        slack.channel(name, *everybody, team.app, kind="private")
    for person in PEOPLE:
        await add_agent(house, team, person.handle, person.queues, person.admin, capacity)
    for name, spoken, body in TEMPLATES:
        await ask("POST", "/v1/templates", name=name, language=spoken, body=body)
    ana = team.agents["ana"]
    slack.channel("monitor", ana.person, team.app, kind="private")
    for room in (*QUEUES, "monitor"):
        await ana.is_told(partial(ana.types, f"/queues bind {room}", room=room))


async def come_in(agent: SlackAgent) -> None:
    """Say in Slack that one is there."""
    await agent.is_told(partial(agent.types, "/available on"), agent.name)


async def add_agent(
    house: House,
    team: Team,
    handle: str,
    queues: tuple[str, ...],
    admin: bool = False,
    capacity: int = 5,
) -> None:
    """Somebody of the team's Slack becomes an agent."""
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


__all__ = ["HOST", "WORKSPACE", "Mode", "Team", "add_agent", "open_slack_house"]
