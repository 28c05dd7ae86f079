"""A desk with a web chat and one workspace, whose platform refuses us as long as a test likes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from pydantic import BaseModel

from bridge.adapters.workspaces.discord.adapter import DiscordWorkspace
from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.adapters.workspaces.slack.adapter import SlackWorkspace
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.app import App, build
from bridge.domain.ids import RoomRef, WorkspaceId, WorkspaceUserId
from bridge.ports.plugin import AdapterContext
from bridge.ports.workspace import WorkspaceAdapter
from bridge.settings import FILE_NAME, Settings, load
from bridge.simulators.discord import DiscordSimulator
from bridge.simulators.discord import Fault as DiscordFault
from bridge.simulators.slack import Fault as SlackFault
from bridge.simulators.slack import SlackSimulator
from tests.adapters.hurry import HURRIED
from tests.integration.channels.whatsapp_desk import hire
from tests.integration.web.conftest import Api, Visitor

_CHAT = """
[channels.webchat]
kind = "webchat"
"""
_SLACK = """
[workspaces.slack]
kind = "slack"
mode = "{mode}"
bot_token = "{app.bot_token}"
app_token = "{app.app_token}"
signing_secret = "{app.signing_secret}"
api_url = "{slack.api_url}"
posts_per_channel = 50
"""
_DISCORD = """
[workspaces.discord]
kind = "discord"
bot_token = "{app.token}"
guild = "{guild.id}"
api_url = "{discord.api_url}"
gateway_url = "{discord.gateway_url}"
"""


@dataclass(frozen=True, kw_only=True)
class Team:
    """A platform with Ana and a room, and how it refuses us."""

    name: str
    settings: str
    ana: str
    room: str
    refuses: Callable[[bool], None]
    tries: Callable[[], int]
    says: Callable[[str], Awaitable[object]]
    """Ana writes in the only thread."""
    shown: Callable[[], list[str]]
    """Everything that stands in its rooms and threads, oldest first."""

    @property
    def place(self) -> str:
        """As the settings call it."""
        return f"workspaces.{self.name}"


async def slack_team(
    open_: AsyncExitStack, mode: str = "socket", method: str = "*", error: str = "invalid_auth"
) -> Team:
    slack = await open_.enter_async_context(SlackSimulator.running())
    ana, app = slack.hire("Ana"), slack.install("Deskbridge")
    room = slack.channel("support", ana, app, kind="private")

    def refuses(now: bool) -> None:
        slack.faults.clear()
        if now:
            slack.fault(SlackFault(method=method, kind="error", error=error, times=None))

    async def says(line: str) -> None:
        (root,) = (each for each in slack.messages(room) if each.thread_ts in (None, each.ts))
        await ana.says(room, line, thread=root)

    return Team(
        name="slack",
        settings=_SLACK.format(mode=mode, app=app, slack=slack),
        ana=ana.id,
        room=room.id,
        refuses=refuses,
        tries=lambda: slack.faults.happened["error"],
        says=says,
        shown=lambda: [str(each) for each in slack.messages(room)],
    )


async def discord_team(open_: AsyncExitStack) -> Team:
    discord = await open_.enter_async_context(DiscordSimulator.running())
    guild, app = discord.guild("Acme", owner="olga"), discord.application()
    discord.invite(app, guild)
    ana, forum = discord.person("ana", guild), discord.forum(guild, "support")

    def refuses(now: bool) -> None:
        discord.faults.clear()
        if now:
            discord.fault(DiscordFault(route="*", kind="error", status=401, times=None))

    async def says(line: str) -> None:
        (thread,) = discord.threads(forum)
        await ana.says(thread, line)

    def shown() -> list[str]:
        threads = discord.threads(forum)
        return [str(each) for thread in threads for each in discord.messages(thread)]

    return Team(
        name="discord",
        settings=_DISCORD.format(app=app, guild=guild, discord=discord),
        ana=ana.id,
        room=forum.id,
        refuses=refuses,
        tries=lambda: discord.faults.happened["error"],
        says=says,
        shown=shown,
    )


def hurried(settings: Settings) -> Settings:
    """The same, with workspaces that do not wait long between two tries."""

    def made(given: BaseModel, context: AdapterContext) -> WorkspaceAdapter:
        if isinstance(given, SlackSettings):
            return SlackWorkspace(given, context, HURRIED)
        assert isinstance(given, DiscordSettings)
        return DiscordWorkspace(given, context, HURRIED)

    workspaces = {
        name: replace(entry, plugin=replace(entry.plugin, build=made))
        for name, entry in settings.workspaces.items()
    }
    return replace(settings, workspaces=workspaces)


async def desk_of(folder: Path, team: Team, database: str = "") -> App:
    """A desk with a web chat and this workspace; not started."""
    file = folder / FILE_NAME
    file.touch(mode=0o600)
    file.write_text(database + _CHAT + team.settings, encoding="utf-8")
    return await build(hurried(load(file, {})), port=0)


async def staffed(app: App, team: Team) -> None:
    """With a queue whose room is this team's, and Ana."""
    await hire(app, WorkspaceId(team.name), WorkspaceUserId(team.ana), RoomRef(team.room))


@dataclass(frozen=True, kw_only=True)
class Outside:
    """A desk as it is seen from outside."""

    app: App
    http: ClientSession
    bia: Visitor

    async def ready(self) -> tuple[int, object]:
        """What `/readyz` says."""
        async with self.http.get("/readyz") as answer:
            return answer.status, (await answer.json()).get("refused_by")

    async def number(self, place: str) -> str:
        """What the metrics say."""
        async with self.http.get("/metrics") as answer:
            numbers = (await answer.text()).splitlines()
        metric = f'deskbridge_place_refuses_us{{place="{place}"}} '
        (line,) = (each for each in numbers if each.startswith(metric))
        return line.removeprefix(metric)

    async def checks(self) -> dict[str, Any]:
        """What `doctor` says, by name."""
        found = await Api(self.http, self.app.operator)("GET", "/v1/checks")
        return {each["name"]: each for each in found.body["checks"]}


@asynccontextmanager
async def outside(app: App) -> AsyncIterator[Outside]:
    async with ClientSession(app.url) as http:
        yield Outside(app=app, http=http, bia=Visitor(http, "webchat"))
