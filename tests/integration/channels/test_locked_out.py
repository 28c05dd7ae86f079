"""A platform takes no token of ours in the middle of a burst, and then it does again.

Nothing is lost, doubled or out of order, people are told once, and nobody has to do anything.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bridge.adapters.workspaces.local.adapter import LocalWorkspace
from bridge.adapters.workspaces.local.entries import Posted, read_thread_entry
from bridge.app import App
from bridge.domain.content import text_content
from bridge.domain.ids import (
    ExternalId,
    RoomRef,
    SourceKey,
    ThreadRef,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.message import Author
from bridge.engine.lines.typing import TypingHints
from bridge.engine.sinks import EngineWorkspaceSink
from bridge.ports.commands import UserKind, WorkspaceUser
from bridge.ports.workspace import AgentPosted
from bridge.simulators.common.wire import JsonObject
from bridge.simulators.connector.platform import Platform
from bridge.simulators.discord import DiscordSimulator
from bridge.simulators.discord import Fault as DiscordFault
from bridge.simulators.slack import Fault as SlackFault
from bridge.simulators.slack import SlackSimulator
from bridge.simulators.telegram.faults import Fault as TelegramFault
from bridge.simulators.telegram.simulator import TelegramSimulator
from tests.captured import captured_log
from tests.integration.channels.whatsapp_desk import hire, open_app
from tests.patience import PATIENCE, until

_SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdCwgMzIgYnl0ZXMgbG9uZyE="
_LINE = re.compile(r"line \d\d!")
_LINES = [f"line {number:02}!" for number in range(15)]
_SHOP = """
[channels.shop]
kind = "connector"
url = "{shop.base}/hook"
secret = "{secret}"
"""
_TELEGRAM = """
[channels.telegram]
kind = "telegram"
token = "{bot.token}"
api_url = "{telegram.world.address}"
chat_seconds = 0
messages_per_second = 1000
"""
_LOCAL = """
[workspaces.local]
kind = "local"
"""
_SLACK = """
[workspaces.slack]
kind = "slack"
mode = "socket"
bot_token = "{app.bot_token}"
app_token = "{app.app_token}"
signing_secret = "{app.signing_secret}"
api_url = "{slack.api_url}"
posts_per_channel = 50
posts_per_minute = 10000
"""
_DISCORD = """
[workspaces.discord]
kind = "discord"
bot_token = "{app.token}"
guild = "{guild.id}"
api_url = "{discord.api_url}"
gateway_url = "{discord.gateway_url}"
calls_per_second = 10000
posts_in_thread = 1000
"""

Refuses = Callable[[bool], None]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Who writes a burst, how its platform locks us out, and what it has taken."""

    app: App
    place: str
    writes: Callable[[str], Awaitable[None]]
    refuses: Refuses
    taken: Callable[[], Sequence[JsonObject]]

    def shown(self) -> list[str]:
        """The numbered lines that the platform took, in its order."""
        said = (str(entry) for entry in self.taken())
        return [line for each in said for line in dict.fromkeys(_LINE.findall(each))]


async def goes_on(scene: Scene) -> None:
    """A burst with a lock in its middle; nobody does anything about it."""
    paused = scene.app.parts.dispatcher
    await burst(scene, _LINES[:5])
    await until(lambda: scene.shown() == _LINES[:5], 2 * PATIENCE)

    scene.refuses(True)
    await burst(scene, _LINES[5:10])
    await until(lambda: scene.place in paused.paused)
    assert await says(scene) == (200, [scene.place], "1.0")
    await burst(scene, _LINES[10:])
    assert scene.shown() == _LINES[:5]

    scene.refuses(False)
    await until(lambda: len(scene.shown()) >= len(_LINES), 2 * PATIENCE)
    await until(lambda: not paused.paused)
    assert scene.shown() == _LINES
    assert await says(scene) == (200, None, "0.0")


async def burst(scene: Scene, lines: Sequence[str]) -> None:
    for line in lines:
        await scene.writes(line)


async def says(scene: Scene) -> tuple[int, object, str]:
    """What `/readyz` and the metrics say of it."""
    async with ClientSession(scene.app.url) as http:
        async with http.get("/readyz") as answer:
            ready, said = answer.status, await answer.json()
        async with http.get("/metrics") as answer:
            numbers = await answer.text()
    metric = f'deskbridge_place_refuses_us{{place="{scene.place}"}} '
    (line,) = (each for each in numbers.splitlines() if each.startswith(metric))
    return ready, said.get("refused_by"), line.removeprefix(metric)


# --- workspaces ---------------------------------------------------------------------------------


async def in_slack(folder: Path, open_: AsyncExitStack, error: str) -> Scene:
    slack = await open_.enter_async_context(SlackSimulator.running())
    ana, app = slack.hire("Ana"), slack.install("Deskbridge")
    room = slack.channel("support", ana, app, kind="private")
    shop, desk = await at_a_shop(folder, open_, _SLACK.format(app=app, slack=slack))
    await hire(desk, WorkspaceId("slack"), WorkspaceUserId(ana.id), RoomRef(room.id))

    def refuses(now: bool) -> None:
        slack.faults.clear()
        if now:
            slack.fault(SlackFault(method="*", kind="error", error=error, times=None))

    def taken() -> list[JsonObject]:
        return [each for each in slack.ledger.entries if each["what"] == "chat.postMessage"]

    place, writes = "workspaces.slack", customer_of(shop)
    return Scene(app=desk, place=place, writes=writes, refuses=refuses, taken=taken)


async def in_discord(folder: Path, open_: AsyncExitStack, _error: str) -> Scene:
    discord = await open_.enter_async_context(DiscordSimulator.running())
    guild, app = discord.guild("Acme", owner="olga"), discord.application()
    discord.invite(app, guild)
    ana, forum = discord.person("ana", guild), discord.forum(guild, "support")
    shop, desk = await at_a_shop(
        folder, open_, _DISCORD.format(app=app, guild=guild, discord=discord)
    )
    await hire(desk, WorkspaceId("discord"), WorkspaceUserId(ana.id), RoomRef(forum.id))

    def refuses(now: bool) -> None:
        discord.faults.clear()
        if now:
            discord.fault(
                DiscordFault(
                    route="*", kind="error", status=401, message="401: Unauthorized", times=None
                )
            )

    def taken() -> list[JsonObject]:
        return [each for each in discord.ledger.entries if str(each["what"]).endswith("/messages")]

    place, writes = "workspaces.discord", customer_of(shop)
    return Scene(app=desk, place=place, writes=writes, refuses=refuses, taken=taken)


async def at_a_shop(folder: Path, open_: AsyncExitStack, settings: str) -> tuple[Platform, App]:
    """A platform with customers, and a desk that it is connected with."""
    shop = await Platform(_SECRET).start()
    open_.push_async_callback(shop.stop)
    text = _SHOP.format(shop=shop, secret=_SECRET) + settings
    desk = await open_.enter_async_context(open_app(folder, text))
    shop.desk = f"{desk.url}/v1/channels/shop/events"
    return shop, desk


def customer_of(shop: Platform) -> Callable[[str], Awaitable[None]]:
    async def writes(line: str) -> None:
        status, said = await shop.tell(shop.line("bia", line))
        assert status == 200, said

    return writes


def _told(log: str) -> str:
    """The line that tells the operator."""
    return next(line for line in log.splitlines() if "place_refuses_us" in line)


@pytest.mark.parametrize(
    ("scene", "error"),
    [
        (in_slack, "token_expired"),
        pytest.param(in_slack, "invalid_auth", marks=pytest.mark.long),
        pytest.param(in_slack, "token_revoked", marks=pytest.mark.long),
        (in_discord, "401"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
async def test_customers_lines_wait_for_a_workspace(
    tmp_path: Path, scene: Callable[[Path, AsyncExitStack, str], Awaitable[Scene]], error: str
) -> None:
    async with AsyncExitStack() as open_:
        log = open_.enter_context(captured_log())

        await goes_on(await scene(tmp_path, open_, error))

        said = log.getvalue()
    assert (said.count("place_refuses_us"), said.count("place_takes_us_again")) == (1, 1)
    assert "token is not taken" not in said.replace(_told(said), "")


# --- channels -----------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Ana:
    """She answers the only customer, in the local workspace."""

    app: App
    said: int = 0

    @property
    def thread(self) -> ThreadRef | None:
        """Where she writes, once it is there."""
        desk = self.app.parts.engine.desk
        for conversation in desk.conversations:
            binding = desk.work_binding(conversation.id)
            if binding is not None:
                return binding.thread
        return None

    async def writes(self, line: str) -> None:
        """One line, as the pages would bring it."""
        assert self.thread is not None
        parts = self.app.parts
        sink = EngineWorkspaceSink(
            parts.engine, parts.reader, TypingHints(parts.engine.desk), WorkspaceId("local")
        )
        self.said += 1
        await sink.accept(
            AgentPosted(
                workspace=WorkspaceId("local"),
                source=(SourceKey(f"p{self.said}"),),
                user=WorkspaceUser(id=WorkspaceUserId("u-ana"), name="Ana", kind=UserKind.MEMBER),
                thread=self.thread,
                external_id=ExternalId(f"p{self.said}"),
                content=text_content(line),
            )
        )

    async def notices(self) -> list[str]:
        """What the desk said in her thread of lines that wait."""
        workspace = self.app.parts.adapters.workspaces[WorkspaceId("local")]
        assert isinstance(workspace, LocalWorkspace)
        assert self.thread is not None
        entries = await workspace.site.threads.since(self.thread, 0)
        posts = (read_thread_entry(each.body) for each in entries)
        said = [
            post.content.words()
            for post in posts
            if isinstance(post, Posted) and post.author is Author.SYSTEM
        ]
        return [words for words in said if "waits" in words]


async def ana_of(desk: App) -> Ana:
    """Hired, and with the thread of who has just written."""
    ana = Ana(app=desk)
    await until(lambda: ana.thread)
    return ana


async def on_telegram(folder: Path, open_: AsyncExitStack, _status: int) -> tuple[Scene, Ana]:
    telegram = await open_.enter_async_context(TelegramSimulator.running())
    bot = telegram.bot()
    text = _TELEGRAM.format(bot=bot, telegram=telegram) + _LOCAL
    desk = await open_.enter_async_context(open_app(folder, text))
    await hire(desk, WorkspaceId("local"), WorkspaceUserId("u-ana"))
    await telegram.person(bot, "Bia").writes("Oi")
    ana = await ana_of(desk)

    def refuses(now: bool) -> None:
        telegram.faults.clear()
        if now:
            telegram.faults.add(
                TelegramFault(
                    method="*", kind="error", status=401, details="Unauthorized", times=None
                )
            )

    def taken() -> list[JsonObject]:
        return [each for each in telegram.ledger.entries if each["what"] == "sendMessage"]

    place = "channels.telegram"
    return Scene(app=desk, place=place, writes=ana.writes, refuses=refuses, taken=taken), ana


async def on_a_platform(folder: Path, open_: AsyncExitStack, status: int) -> tuple[Scene, Ana]:
    shop, desk = await at_a_shop(folder, open_, _LOCAL)
    await hire(desk, WorkspaceId("local"), WorkspaceUserId("u-ana"))
    await customer_of(shop)("Oi")
    ana = await ana_of(desk)

    def refuses(now: bool) -> None:
        shop.refuses = status if now else 0

    def taken() -> list[JsonObject]:
        return [each for each in shop.ledger.entries if each["what"] == "message.created"]

    place = "channels.shop"
    return Scene(app=desk, place=place, writes=ana.writes, refuses=refuses, taken=taken), ana


async def test_with_a_new_token_in_the_settings_what_waited_is_sent(tmp_path: Path) -> None:
    async with AsyncExitStack() as open_:
        telegram = await open_.enter_async_context(TelegramSimulator.running())
        bot = telegram.bot()
        text = _TELEGRAM.format(bot=bot, telegram=telegram) + _LOCAL
        async with open_app(tmp_path, text) as desk:
            await hire(desk, WorkspaceId("local"), WorkspaceUserId("u-ana"))
            await telegram.person(bot, "Bia").writes("Oi")
            ana = await ana_of(desk)
            bot = telegram.change_bot(bot, token=f"{bot.id}:the-new-one-of-thirty-five-letters-x")
            for line in _LINES:
                await ana.writes(line)
            await until(lambda: desk.parts.dispatcher.paused)

        text = _TELEGRAM.format(bot=bot, telegram=telegram) + _LOCAL
        desk = await open_.enter_async_context(open_app(tmp_path, text))

        def taken() -> list[str]:
            entries = telegram.ledger.entries
            said = (str(each) for each in entries if each["what"] == "sendMessage")
            return [line for each in said for line in _LINE.findall(each)]

        await until(lambda: len(taken()) >= len(_LINES), 2 * PATIENCE)
        assert taken() == _LINES
        assert len(await Ana(app=desk).notices()) == 1


@pytest.mark.parametrize(
    ("scene", "status"),
    [
        (on_telegram, 401),
        (on_a_platform, 401),
        pytest.param(on_a_platform, 403, marks=pytest.mark.long),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else value.__name__,
)
async def test_an_agents_lines_wait_for_a_channel_and_she_is_told_once(
    tmp_path: Path,
    scene: Callable[[Path, AsyncExitStack, int], Awaitable[tuple[Scene, Ana]]],
    status: int,
) -> None:
    async with AsyncExitStack() as open_:
        made, ana = await scene(tmp_path, open_, status)

        await goes_on(made)

        assert len(await ana.notices()) == 1
