"""The workspace itself: who is there, which channels, what was written."""

import asyncio
import time
from collections.abc import Callable, Mapping

from bridge.simulators.common.changes import Changes
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.pings import Reader
from bridge.simulators.slack.settings import Quirks, Timing
from bridge.simulators.slack.state.apps import App, Manifest
from bridge.simulators.slack.state.mint import Mint
from bridge.simulators.slack.state.records import (
    Cause,
    Channel,
    ChannelKind,
    Ephemeral,
    Message,
    StoredFile,
    Team,
    User,
    View,
)

SLACKBOT = "USLACKBOT"


class World:
    """All state in one place. Changed only by the functions of `state`; read by everybody."""

    def __init__(
        self,
        *,
        quirks: Quirks | None = None,
        timing: Timing | None = None,
        now: Callable[[], float] = time.time,
        seed: int | None = None,
    ) -> None:
        """An empty workspace. `now` is the wall clock that its timestamps come from."""
        self.quirks = quirks or Quirks()
        self.timing = timing or Timing()
        self.now = now
        self.mint = Mint(now, seed)
        self.changes = Changes()
        self.team = Team(id=self.mint.id("T"), name="Acme", domain="acme")
        self.address = ""
        """Where it is served, `http://127.0.0.1:40123`; set by the server."""
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.apps: dict[str, App] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        """By channel, then by ts, in the order of their timestamps."""
        self.deleted: list[Message] = []
        self._under: dict[tuple[str, str], dict[str, None]] = {}
        """Timestamps of the replies under each root."""
        self._names: dict[str, str] | None = None
        self._rooms: dict[str, str] | None = None
        self.ephemerals: list[Ephemeral] = []
        self.files: dict[str, StoredFile] = {}
        self.modals: dict[tuple[str, str], list[View]] = {}
        """Stacks of open modals by (app, user), the one in front last."""
        self.homes: dict[tuple[str, str], View] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # ------------------------------------------------------------ looking

    def user(self, user_id: str) -> User:
        """Raises `SlackRefused("user_not_found")`."""
        if user_id not in self.users:
            raise SlackRefused("user_not_found")
        return self.users[user_id]

    def channel(self, channel_id: str) -> Channel:
        """Raises `SlackRefused("channel_not_found")`."""
        if channel_id not in self.channels:
            raise SlackRefused("channel_not_found")
        return self.channels[channel_id]

    def message(self, channel_id: str, ts: str) -> Message:
        """Raises `SlackRefused("message_not_found")`."""
        found = self.messages.get(channel_id, {}).get(ts)
        if found is None:
            raise SlackRefused("message_not_found")
        return found

    def app(self, app_id: str) -> App:
        """The installed app. Raises `KeyError`."""
        return self.apps[app_id]

    def app_of_bot(self, user_id: str) -> App | None:
        """The app whose bot user this is."""
        return next((app for app in self.apps.values() if app.bot_user == user_id), None)

    def thread(self, channel_id: str, root_ts: str) -> list[Message]:
        """The root and its replies, oldest first; empty where there is no such root."""
        every = self.messages.get(channel_id, {})
        under = (every[ts] for ts in self._under.get((channel_id, root_ts), ()))
        root = every.get(root_ts)
        return [*([root] if root else []), *under]

    def replies(self, root: Message) -> list[Message]:
        """What stands under a message, oldest first."""
        every = self.messages[root.channel]
        return [every[ts] for ts in self._under.get((root.channel, root.ts), ())]

    def named(self, name: str) -> Channel | None:
        """The channel of this name that is not archived."""
        wanted = name.removeprefix("#")
        open_ones = (one for one in self.channels.values() if not one.is_archived)
        return next((one for one in open_ones if one.name == wanted), None)

    def notified(self, message: Message) -> frozenset[str]:
        """Whom the mentions in a message reach: members of its channel, never its writer."""
        members = self.channels[message.channel].members
        targets = {one.target for one in message.pings}
        everybody = any(one.kind != "user" for one in message.pings)
        reached = members if everybody else [one for one in members if one in targets]
        return frozenset(reached) - {message.user or ""}

    def reader(self, *, finds_names: bool, cause: Cause) -> Reader:
        """Who and what a text may name."""
        if self._names is None:
            self._names = {user.name.lower(): user.id for user in self.users.values()}
        if self._rooms is None:
            self._rooms = {one.name.lower(): one.id for one in self.channels.values() if one.name}
        return Reader(names=self._names, rooms=self._rooms, finds_names=finds_names, cause=cause)

    def names_by_id(self) -> Mapping[str, str]:
        """Handles of all users."""
        return {user.id: user.name for user in self.users.values()}

    def rooms_by_id(self) -> Mapping[str, str]:
        """Names of all channels."""
        return {one.id: one.name for one in self.channels.values() if one.name}

    # ------------------------------------------------------------ founding

    def add_user(self, user: User) -> User:
        """Somebody new, or somebody changed."""
        self.users[user.id] = user
        self._names = None
        return user

    def add_channel(
        self, name: str, kind: ChannelKind, creator: str, members: tuple[str, ...]
    ) -> Channel:
        """A new channel, without telling anybody. Raises `SlackRefused("name_taken")`."""
        if self.named(name) is not None:
            raise SlackRefused("name_taken")
        channel = Channel(
            id=self.mint.id("C"),
            name=name,
            kind=kind,
            creator=creator,
            created=self.mint.seconds(),
            members=tuple(dict.fromkeys(members)),
        )
        return self.put_channel(channel)

    def put_channel(self, channel: Channel) -> Channel:
        """Keep this state of a channel."""
        self.channels[channel.id] = channel
        self._rooms = None
        self.messages.setdefault(channel.id, {})
        return channel

    def direct(self, app: App, person: str) -> Channel:
        """The direct messages of an app and a person, made on first use."""
        for channel in self.channels.values():
            if channel.kind == "im" and set(channel.members) == {app.bot_user, person}:
                return channel
        channel = Channel(
            id=self.mint.id("D"),
            name="",
            kind="im",
            creator=app.bot_user,
            created=self.mint.seconds(),
            members=(app.bot_user, person),
            user=person,
        )
        return self.put_channel(channel)

    def install(self, manifest: Manifest) -> App:
        """Install an app: everything it asks for is granted."""
        app_id, bot_id, bot_user = self.mint.id("A"), self.mint.id("B"), self.mint.id("U")
        handle = manifest.name.lower().replace(" ", "")
        bot = User(
            id=bot_user,
            name=handle,
            real_name=manifest.name,
            team_id=self.team.id,
            is_bot=True,
            bot_id=bot_id,
            app_id=app_id,
        )
        self.add_user(bot)
        app = App(
            id=app_id,
            manifest=manifest,
            bot_user=bot_user,
            bot_id=bot_id,
            bot_token=self.mint.secret(f"xoxb-{self.team.id}-"),
            app_token=self.mint.secret(f"xapp-1-{app_id}-"),
            signing_secret=self.mint.secret(),
            verification_token=self.mint.secret(length=24),
            scopes=manifest.scopes,
        )
        return self.put_app(app)

    def put_app(self, app: App) -> App:
        """Keep this state of an app."""
        self.apps[app.id] = app
        return app

    def put_message(self, message: Message) -> Message:
        """Keep this state of a message."""
        self.messages[message.channel][message.ts] = message
        if message.is_reply:
            self._under.setdefault((message.channel, message.root_ts), {})[message.ts] = None
        return message

    def drop_message(self, message: Message) -> None:
        """Keep a message no longer."""
        del self.messages[message.channel][message.ts]
        self._under.get((message.channel, message.root_ts), {}).pop(message.ts, None)

    # ------------------------------------------------------------ later

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do `act` that much later and tell what came of it."""
        task = asyncio.create_task(self._later(seconds, act))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _later(self, seconds: float, act: Callable[[], None]) -> None:
        await asyncio.sleep(seconds)
        act()
        self.changes.release()

    async def aclose(self) -> None:
        """Forget what was still to come."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
