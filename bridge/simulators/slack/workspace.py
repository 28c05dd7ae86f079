"""The simulated Slack as one thing to found, look at and trouble."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bridge.simulators.common.changes import Happening
from bridge.simulators.common.ledger import Ledger
from bridge.simulators.common.wire import Json
from bridge.simulators.slack.acts.clicking import blocks_of
from bridge.simulators.slack.acts.house import House
from bridge.simulators.slack.faults import EventFault, Fault, Faults
from bridge.simulators.slack.limits import Limits, Meter
from bridge.simulators.slack.office import PostOffice
from bridge.simulators.slack.outlets.socket import SocketHub
from bridge.simulators.slack.person import Person, Room
from bridge.simulators.slack.settings import Quirks, Timing, turned
from bridge.simulators.slack.state import people, rooms
from bridge.simulators.slack.state.apps import App, Manifest, read_manifest
from bridge.simulators.slack.state.records import (
    Channel,
    ChannelKind,
    Entity,
    Ephemeral,
    Message,
    User,
    View,
)
from bridge.simulators.slack.state.world import SLACKBOT, World
from bridge.simulators.slack.tickets import Tickets

T = TypeVar("T")


class Workspace:
    """One Slack workspace and everything that can be done to it. All of it is in `world`."""

    def __init__(
        self,
        *,
        ledger: Path | None = None,
        limits: Limits | None = None,
        timing: Timing | None = None,
        quirks: Quirks | None = None,
        now: Callable[[], float] = time.time,
        seed: int | None = None,
    ) -> None:
        """Without `limits` nothing is limited; without `ledger` it is kept in memory only."""
        self.world = World(quirks=quirks, timing=timing, now=now, seed=seed)
        self.ledger = Ledger(ledger, now)
        self.faults = Faults()
        self.meter = Meter(limits or Limits.off(), time.monotonic)
        self.office = PostOffice(self.world, self.faults)
        tickets = Tickets(self.world)
        self.house = House(
            world=self.world, ledger=self.ledger, office=self.office, tickets=tickets
        )

    # ------------------------------------------------------------ addresses

    @property
    def api_url(self) -> str:
        """For `AsyncWebClient(base_url=…)`, with its slash."""
        return f"{self.world.address}/api/"

    # ------------------------------------------------------------ founding

    def install(self, manifest: Manifest | Mapping[str, Json] | str = "Deskbridge") -> App:
        """Install an app from a manifest, or one of this name that may do everything."""
        if isinstance(manifest, str):
            manifest = Manifest(name=manifest)
        elif not isinstance(manifest, Manifest):
            manifest = read_manifest(manifest)
        app = self.world.install(manifest)
        self._tell("founded")
        return app

    def hire(self, name: str, **more: str | bool) -> Person:
        """Somebody new: `hire("ana", is_admin=True)`. The handle is the name in lower case."""
        user = User(
            id=self.world.mint.id("U"),
            name=name.lower().replace(" ", "."),
            real_name=name,
            team_id=self.world.team.id,
            email=f"{name.lower().replace(' ', '.')}@acme.example",
        )
        person = self.person(self.world.add_user(people.changed(user, more)))
        self._tell("founded")
        return person

    def meet(self, name: str, team_id: str = "T0STRANGER") -> Person:
        """Somebody of another company, in a shared channel (Slack Connect)."""
        return self.hire(name, team_id=team_id, is_stranger=True)

    def person(self, who: User | str) -> Person:
        """The one with this id or handle. Raises `KeyError`."""
        world = self.world
        if isinstance(who, User):
            return Person(self.house, who.id)
        if who in world.users:
            return Person(self.house, who)
        handles = {user.name: user.id for user in world.users.values()}
        return Person(self.house, handles[who.lower()])

    def channel(self, name: str, *members: Person | App, kind: ChannelKind = "public") -> Channel:
        """A new channel with these members. The first one made it."""
        ids = tuple(one.id if isinstance(one, Person) else one.bot_user for one in members)
        channel = self.world.add_channel(name, kind, ids[0] if ids else SLACKBOT, ids)
        self._tell("founded")
        return channel

    def _tell(self, kind: str) -> None:
        """No app hears of it, but whoever watches does."""
        self.world.changes.add(Happening(kind=kind))
        self.world.changes.release()

    def share(self, room: Channel, team_id: str = "T0STRANGER") -> Channel:
        """Let another company read in a channel."""
        channel = rooms.share(self.world, self.world.channel(room.id), team_id)
        self.world.changes.release()
        return channel

    # ------------------------------------------------------------ looking

    def direct(self, person: Person, app: App) -> Channel:
        """A person's direct messages with an app."""
        return self.world.direct(app, person.id)

    def room(self, room: Room) -> Channel:
        """A channel as it is now, by its id or its name."""
        if isinstance(room, Channel):
            return self.world.channel(room.id)
        return self.world.named(room) or self.world.channel(room)

    def messages(self, room: Room) -> list[Message]:
        """Everything in a channel, oldest first, replies too."""
        return list(self.world.messages[self.room(room).id].values())

    def thread(self, root: Message) -> list[Message]:
        """A root as it is now, and its replies, oldest first."""
        return self.world.thread(root.channel, root.root_ts)

    def active_in(self, shown: Ephemeral | View) -> tuple[Entity, ...]:
        """What is active in something that only one person sees. It wakes nobody."""
        reader = self.world.reader(finds_names=False, cause="post")
        if isinstance(shown, View):
            return reader.read("", blocks_of(shown), ())
        return reader.read(shown.text, shown.blocks, shown.attachments)

    def now(self, message: Message) -> Message | None:
        """A message as it is now; None where it is gone."""
        return self.world.messages[message.channel].get(message.ts)

    async def until(self, look: Callable[[], T | None], within: float = 30.0) -> T:
        """What `look` gives as soon as it gives something. Raises `GaveUpWaiting`."""
        return await self.world.changes.until(look, within)

    async def message_in(
        self,
        room: Room,
        matches: Callable[[Message], bool] = lambda message: True,
        *,
        within: float = 30.0,
    ) -> Message:
        """The first message in a channel that matches, as soon as it is there."""
        return await self.until(
            lambda: next((one for one in self.messages(room) if matches(one)), None), within
        )

    async def settled(self, within: float = 30.0) -> None:
        """No event is on its way to an app (those that wait for another try do not count)."""
        await asyncio.sleep(0)
        await self.until(lambda: self.office.idle, within)

    # ------------------------------------------------------------ trouble

    def turn(self, **quirks: float | bool | str) -> None:
        """Change quirks from now on: `turn(history_lag=2.0, unfurls=False)`."""
        self.world.quirks = turned(self.world.quirks, quirks)

    def limit(self, limits: Limits) -> None:
        """Count by other limits from now on."""
        self.meter.limits = limits

    def fault(self, fault: Fault | EventFault) -> None:
        """Let something go wrong from now on."""
        self.faults.add(fault)

    def sockets(self, app: App) -> SocketHub:
        """An app's sockets: how many, and how to break them."""
        return self.office.hub(app.id)

    def point(self, app: App, url: str) -> App:
        """Bring the app's events, commands and clicks to this address over HTTP."""
        manifest = replace(
            self.world.app(app.id).manifest,
            socket_mode=False,
            request_url=url,
            interactivity_url=url,
            command_url=url,
        )
        return self.world.put_app(
            replace(self.world.app(app.id), manifest=manifest, url_disabled=False)
        )

    def revoke(self, app: App) -> None:
        """The bot token is worth nothing."""
        people.revoke(self.world, self.world.app(app.id))
        self.world.changes.release()

    def uninstall(self, app: App) -> None:
        """The app is thrown out."""
        people.uninstall(self.world, self.world.app(app.id))
        self.world.changes.release()

    def restore(self, app: App) -> None:
        """The app may do again everything that its manifest asks for."""
        people.restore(self.world, self.world.app(app.id))

    def take_scope(self, app: App, scope: str) -> None:
        """One scope is gone."""
        people.take_scope(self.world, self.world.app(app.id), scope)
