"""The receiving half of a Discord workspace, in front of the simulated Discord and a small desk."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
import msgspec

from bridge.adapters.common.threads import Thread
from bridge.adapters.workspaces.discord.bot import Frame
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.receiving.connection import Patience
from bridge.adapters.workspaces.discord.receiving.receiving import Receiving
from bridge.adapters.workspaces.discord.routes import Route, route
from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.binding import Purpose
from bridge.domain.ids import BindingId, Instant, RoomRef, ThreadRef
from bridge.ports.clock import MovableClock, SystemClock
from bridge.ports.holding import Holding
from bridge.ports.plugin import AdapterContext, Check
from bridge.ports.workspace import AgentDeleted
from bridge.simulators.discord import (
    INVITE,
    App,
    Channel,
    DiscordSimulator,
    Guild,
    Message,
    Outcome,
    Person,
    Role,
    Timing,
)
from bridge.simulators.discord.permissions import MANAGE_MESSAGES, VIEW
from bridge.simulators.discord.state.message_shapes import message
from bridge.simulators.discord.state.records import PUBLIC_THREAD, Overwrite
from bridge.simulators.discord.state.threads import leave, open_thread
from tests.adapters.hurry import HURRIED
from tests.adapters.slack.receiving_rig import Desk, Voice
from tests.fakes.adapter_memory import FolderFiles, MemoryStore

QUICK = Patience(holding=0.2, anew=(0.0, 0.01), longest=0.05, refused=0.05)


class Screens:
    """Surfaces that remember what they were given; `!words` are commands."""

    def __init__(self) -> None:
        self.interactions: list[Json] = []
        self.typed_ones: list[str] = []
        self.times_online = 0
        self.fault: Exception | None = None

    async def start(self) -> None:
        pass

    async def online(self) -> None:
        self.times_online += 1

    async def stop(self) -> None:
        pass

    async def interaction(self, payload: Json) -> None:
        self.interactions.append(payload)

    async def typed(self, message: Json) -> bool:
        if self.fault is not None:
            raise self.fault
        text = str(message.get("content", ""))
        if not text.startswith("!"):
            return False
        self.typed_ones.append(text)
        return True


@dataclass
class Rig:
    """Everything a test may look at or turn."""

    discord: DiscordSimulator
    guild: Guild
    app: App
    ana: Person
    bo: Person
    forum: Channel
    context: AdapterContext
    settings: DiscordSettings
    clock: MovableClock
    store: MemoryStore
    files: FolderFiles
    desk: Desk = field(default_factory=Desk)
    screens: Screens = field(default_factory=Screens)
    voice: Voice = field(default_factory=Voice)
    numbers: int = 0
    runs: bool = False
    roles: dict[str, Role] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.build()

    def build(self) -> None:
        """A new process: nothing in memory."""
        self.site = Site(self.settings, self.context, HURRIED)
        self.receiving = Receiving(self.site, self.screens, self.voice, QUICK)

    def shares(self, holding: Holding) -> None:
        """A process that is one of several of the same desk."""
        self.context = replace(self.context, holding=holding)
        self.build()

    async def begin(self) -> None:
        """Connect."""
        self.runs = True
        await self.site.open()
        await self.site.introduce()
        self.site.connect(self.desk, ())
        await self.receiving.start()

    async def start(self) -> None:
        """Connect, and wait until every thread is caught up with."""
        await self.begin()
        await self.until(lambda: not self.receiving.catching_up.behind)

    async def stop(self) -> None:
        """As the adapter stops."""
        if self.runs:
            self.runs = False
            await self.receiving.stop()
            self.site.disconnect()
            await self.site.close()

    async def restart(self) -> None:
        """Another process on the same memory."""
        await self.stop()
        self.build()
        await self.start()

    async def thread(
        self, room: Channel | None = None, *, purpose: Purpose = Purpose.WORK
    ) -> Channel:
        """A new thread of ours, in the book."""
        thread = await self.begun(room)
        await self.adopt(thread, purpose=purpose)
        return thread

    async def begun(self, room: Channel | None = None) -> Channel:
        """A post of ours that nobody knows yet."""
        self.numbers += 1
        parent = room or self.forum
        answer = await self.site.discord.call(
            route("POST", "/channels/{channel_id}/threads", channel_id=parent.id),
            {"name": f"Alice #{self.numbers}", "message": {"content": "card"}},
        )
        return self.discord.world.channel(str(answer["id"]))

    async def many_threads(self, count: int) -> list[Channel]:
        """Threads of ours, without waiting for Discord's limit of new ones."""
        world = self.discord.world
        made = []
        for _ in range(count):
            self.numbers += 1
            thread = open_thread(
                world, self.forum, self.app.bot_id, f"Alice #{self.numbers}", kind=PUBLIC_THREAD
            )
            world.changes.release()
            await self.adopt(thread)
            made.append(thread)
        return made

    async def adopt(self, thread: Channel, *, purpose: Purpose = Purpose.WORK) -> None:
        """From now on this is one of our threads."""
        await self.site.threads.put(self.as_ours(thread, purpose=purpose))

    def as_ours(self, thread: Channel, *, purpose: Purpose = Purpose.WORK) -> Thread:
        """The newest thread as the book has it."""
        return Thread(
            ref=ThreadRef(thread.id),
            binding=BindingId(self.numbers),
            number=self.numbers,
            purpose=purpose,
            room=RoomRef(thread.parent_id or ""),
            opened_at=Instant(self.numbers),
        )

    async def posts(self, thread: Channel, text: str, nonce: str = "n1") -> Message:
        """The bot writes in a thread."""
        answer = await self.site.discord.call(
            route("POST", "/channels/{channel_id}/messages", channel_id=thread.id),
            {"content": text, "nonce": nonce, "enforce_nonce": True},
        )
        self.site.echoes.posted(thread.id, str(answer["id"]))
        return self.discord.world.message(thread.id, str(answer["id"]))

    async def until(self, look: Callable[[], object]) -> None:
        """Wait for a condition, for as long as a busy machine needs."""
        await self.discord.until(lambda: look() or None)

    async def heard_everything(self) -> None:
        """What happened until now has come in and is handled."""
        thread = await self.begun()
        await self.posts(thread, "the last one", nonce=f"last-{thread.id}")
        await self.until(lambda: self.site.echoes.find(f"last-{thread.id}"))
        await self.until(lambda: not self.receiving.waiting)

    async def as_another_bot(self, app: App, room: Channel, text: str) -> None:
        """Another bot of the server writes."""
        await self._call(
            "POST",
            f"/channels/{room.id}/messages",
            {"content": text},
            headers={"Authorization": f"Bot {app.token}"},
        )

    async def by_webhook(self, thread: Channel, text: str) -> None:
        """Somebody's webhook writes in a thread."""
        made = await self.site.discord.call(
            route("POST", "/channels/{channel_id}/webhooks", channel_id=thread.parent_id or ""),
            {"name": "hook"},
        )
        address = f"/webhooks/{made['id']}/{made['token']}?wait=true&thread_id={thread.id}"
        await self._call("POST", address, {"content": text})

    async def _call(
        self, method: str, path: str, body: Json, headers: dict[str, str] | None = None
    ) -> None:
        async with self.context.http().request(
            method, self.discord.api_url + path, json=body, headers=headers
        ) as answer:
            assert answer.status < 300, await answer.text()

    def message_route(self, method: str, template: str, line: Message) -> Route:
        """A call about a message."""
        return route(method, template, channel_id=line.channel_id, message_id=line.id)

    def room_route(self, method: str, template: str, room: Channel) -> Route:
        """A call about a channel or thread."""
        return route(method, template, channel_id=room.id)

    async def card(self, thread: Channel) -> Message:
        """A message with a button."""
        button = {"type": 2, "style": 1, "label": "Take", "custom_id": "take"}
        body = {"components": [{"type": 1, "components": [button]}]}
        answer = await self.site.discord.call(
            self.room_route("POST", "/channels/{channel_id}/messages", thread), body
        )
        return self.discord.world.message(thread.id, str(answer["id"]))

    def press(self, who: Person, card: Message, custom_id: str) -> asyncio.Task[Outcome]:
        """Somebody presses a button, and waits for what comes of it."""
        return asyncio.create_task(who.presses(card, custom_id))

    def switch_content(self, *, on: bool) -> None:
        """Somebody switches the Message Content Intent at Discord."""
        app = self.discord.app(self.app)
        self.discord.world.apps[app.id] = replace(app, flags=1 << 19 if on else 0)

    def rights(self, *, without: int) -> int:
        """Take a right from the bot; gives those that it had."""
        self.discord.allow(self.app, self.guild, INVITE & ~without)
        everyone = self.discord.world.roles[self.guild.id]
        self.discord.world.roles[self.guild.id] = replace(
            everyone, permissions=everyone.permissions & ~without
        )
        return INVITE

    def hide(self, room: Channel) -> None:
        """The bot does not see a room any more."""
        deny = Overwrite(id=self.app.bot_id, type=1, deny=VIEW)
        self.discord.world.put_channel(replace(room, overwrites=(deny,)))

    def show(self, room: Channel) -> None:
        """The bot sees it again; nobody tells it so."""
        self.discord.world.put_channel(replace(room, overwrites=()))

    async def archive(self, thread: Channel, *, archived: bool = True) -> None:
        """A thread is put away, or taken out again."""
        to = self.room_route("PATCH", "/channels/{channel_id}", thread)
        await self.site.discord.call(to, {"archived": archived})

    def leave(self, thread: Channel) -> None:
        """The bot is taken out of a thread."""
        leave(self.discord.world, self.discord.world.channel(thread.id), self.app.bot_id)
        self.discord.world.changes.release()

    def is_in(self, thread: Channel) -> bool:
        """Whether the bot is in a thread."""
        return self.app.bot_id in self.discord.world.channel(thread.id).own_thread.members

    async def bo_as_moderator_deletes(self, line: Message) -> None:
        """Somebody who keeps order takes a line away."""
        keeper = self.discord.role(self.guild, "Keepers", self.bo, permissions=MANAGE_MESSAGES)
        assert keeper.id
        await self.bo.deletes(line)

    async def at_once(self, *work: Coroutine[None, None, object]) -> None:
        """All of it together."""
        await asyncio.gather(*work)

    async def frame(self, thread: Channel, **more: object) -> None:
        """A message as only Discord's own apps write it, with nothing but this in it."""
        line = await self.ana.says(thread, "-")
        await self.until(lambda: not self.receiving.waiting)
        body = {
            **message(self.discord.world, line, event=True),
            "id": str(int(line.id) + 1),
            "content": "",
            **more,
        }
        raw = msgspec.Raw(msgspec.json.encode(body))
        self.receiving.intake.hear(Frame(op=0, t="MESSAGE_CREATE", s=1, d=raw))

    def deleted(self) -> list[str]:
        """The lines that the desk was told are gone."""
        return [each.external_id for each in self.desk.events if isinstance(each, AgentDeleted)]

    def troubles(self) -> list[Check]:
        """What `doctor` would say is wrong."""
        return [check for check in self.receiving.checks() if not check.ok or check.warning]

    def trouble(self, name: str) -> bool:
        """Whether this is wrong now."""
        return self.site.standing.is_wrong(name)


@asynccontextmanager
async def receiving(
    folder: Path, *, timing: Timing | None = None, started: bool = True, **more: object
) -> AsyncIterator[Rig]:
    """A rig that is started, and stopped at the end."""
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(
            DiscordSimulator.running(timing=timing or Timing(answer_within=20.0))
        )
        guild, app = discord.guild("Acme", owner="olga"), discord.application()
        discord.invite(app, guild)
        clock = MovableClock(SystemClock())
        store, files = MemoryStore(), FolderFiles(folder)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        rig = Rig(
            discord=discord,
            guild=guild,
            app=app,
            ana=discord.person("ana", guild),
            bo=discord.person("bo", guild),
            forum=discord.forum(guild, "support"),
            context=_context(store, files, clock, http),
            settings=_settings(discord, app, guild, **more),
            clock=clock,
            store=store,
            files=files,
        )
        stack.push_async_callback(rig.stop)
        if started:
            await rig.start()
        yield rig


def _settings(discord: DiscordSimulator, app: App, guild: Guild, **more: object) -> DiscordSettings:
    given = {
        "bot_token": app.token,
        "guild": guild.id,
        "api_url": discord.api_url,
        "gateway_url": discord.gateway_url,
        "calls_per_second": 10_000,
        "calls_of_a_kind": 10_000,
        "threads_in_room": 10_000,
    }
    return DiscordSettings.model_validate({**given, **more})


def _context(
    store: MemoryStore, files: FolderFiles, clock: MovableClock, http: aiohttp.ClientSession
) -> AdapterContext:
    return AdapterContext(
        id="acme",
        brand="Acme",
        public_url="http://127.0.0.1",
        store=store,
        files=files,
        clock=clock,
        secret=lambda purpose: purpose.encode().ljust(32)[:32],
        http=lambda: http,
    )
