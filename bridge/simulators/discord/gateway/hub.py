"""All sessions of all bots, and the ways in which connections break."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bridge.simulators.common.wire import Json, JsonObject, obj, txt
from bridge.simulators.discord.changes import Happening
from bridge.simulators.discord.faults import EventFault, Faults
from bridge.simulators.discord.gateway.hearing import heard, hears
from bridge.simulators.discord.gateway.session import INVALID_SESSION, RECONNECT, Session
from bridge.simulators.discord.state import shapes
from bridge.simulators.discord.state.records import App
from bridge.simulators.discord.state.world import World

DAY = 86_400.0


class Hub:
    """Sends each event to each session that hears it."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.sessions: dict[str, Session] = {}
        self.identifies: dict[str, list[float]] = {}
        """When each app identified."""
        self.resumes = 0
        self._world = world
        self._faults = faults
        self._swapped: dict[str, list[Callable[[], None]]] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        world.changes.listen(self._on_happening)

    # ------------------------------------------------------------ sessions

    def of(self, app: App) -> list[Session]:
        """The sessions of an app, the newest last."""
        return [one for one in self.sessions.values() if one.app_id == app.id]

    def connected(self, app: App) -> list[Session]:
        """Those with a live connection."""
        return [one for one in self.of(app) if one.socket is not None]

    def budget(self, app: App) -> int:
        """How many IDENTIFYs are left today."""
        now = self._world.now()
        used = [at for at in self.identifies.get(app.id, ()) if at > now - DAY]
        self.identifies[app.id] = used
        return self._world.quirks.identifies_per_day - len(used)

    def spend(self, app: App) -> bool:
        """Count an IDENTIFY. False if it came too soon; at the end the token is reset."""
        now, used = self._world.now(), self.identifies.setdefault(app.id, [])
        too_soon = bool(used) and now - used[-1] < self._world.quirks.identify_every
        if self.budget(app) <= 0:
            self._world.apps[app.id] = replace(app, token=self._world.mint.bot_token(app.bot_id))
            return False
        self.identifies[app.id].append(now)
        return not too_soon

    def open(self, app: App, intents: int, shard: tuple[int, int]) -> Session:
        """A new session."""
        session = Session(
            id=self._world.mint.secret(32),
            app_id=app.id,
            intents=intents,
            shard=shard,
            keeps=self._world.quirks.replay_events,
        )
        self.sessions[session.id] = session
        return session

    def greet(self, app: App, session: Session) -> None:
        """READY, then every guild."""
        world = self._world
        mine = [one for one in world.guilds.values() if app.bot_id in world.members[one.id]]
        guilds = [one for one in mine if session.serves(one.id)]
        unavailable: list[Json] = [{"id": one.id, "unavailable": True} for one in guilds]
        ready: JsonObject = {
            "v": 10,
            "user": shapes.user(world.users[app.bot_id]),
            "guilds": unavailable,
            "session_id": session.id,
            "resume_gateway_url": f"{world.address.replace('http', 'ws', 1)}/gateway",
            "shard": list(session.shard),
            "application": {"id": app.id, "flags": app.flags},
            "private_channels": [],
        }
        session.dispatch("READY", ready)
        for guild in guilds:
            session.dispatch("GUILD_CREATE", shapes.guild(world, guild, app))
        world.changes.wake()

    def find(self, session_id: str) -> Session | None:
        """A session that may still be resumed."""
        found = self.sessions.get(session_id)
        if found is None or found.left_at is None:
            return found
        if self._world.now() - found.left_at > self._world.timing.resume_within:
            del self.sessions[session_id]
            return None
        return found

    def forget(self, session: Session) -> None:
        """The session is over."""
        self.sessions.pop(session.id, None)

    # ------------------------------------------------------------ events

    def _on_happening(self, one: Happening) -> None:
        if one.event is None:
            return
        fault = self._faults.for_event(one.kind)
        if fault is None:
            self._deliver(one)
            return
        self._misdeliver(one, fault)

    def _misdeliver(self, one: Happening, fault: EventFault) -> None:
        match fault.kind:
            case "lose":
                return
            case "duplicate":
                for _ in range(1 + fault.copies):
                    self._deliver(one)
            case "delay":
                loop = asyncio.get_running_loop()
                self._timers.add(loop.call_later(fault.seconds, self._deliver, one))
            case "swap":
                self._swapped.setdefault("", []).append(lambda: self._deliver(one))

    def _deliver(self, one: Happening) -> None:
        for session in tuple(self.sessions.values()):
            app = self._world.apps[session.app_id]
            guild_id = txt(one.extra.get("guild")) or txt(obj(one.event).get("guild_id"))
            guild_id = guild_id or (txt(obj(one.event).get("id")) if "GUILD" in one.kind else "")
            if session.serves(guild_id) and hears(self._world, app, session.intents, one):
                session.dispatch(one.kind, heard(app, session.intents, one))
        for late in self._swapped.pop("", []):
            late()

    # ------------------------------------------------------------ breaking

    def drop(self, app: App) -> None:
        """Break every connection of an app without a word. Its sessions can be resumed."""
        for session in self.connected(app):
            if session.socket is not None:
                session.socket.abort()

    async def close(self, app: App, code: int = 4000) -> None:
        """Close every connection of an app with a code."""
        for session in self.connected(app):
            if session.socket is not None:
                await session.socket.close(code)

    def reconnect(self, app: App) -> None:
        """Ask an app to connect again and resume."""
        for session in self.connected(app):
            if session.socket is not None:
                session.socket.say(RECONNECT)

    def invalidate(self, app: App, *, resumable: bool = False) -> None:
        """Tell an app that its session is over."""
        for session in self.connected(app):
            if not resumable:
                self.forget(session)
            if session.socket is not None:
                session.socket.say(INVALID_SESSION, resumable)

    def silence(self, app: App) -> None:
        """Leave the connections open, but say nothing more: neither events nor heartbeats."""
        for session in self.connected(app):
            if session.socket is not None:
                session.socket.is_silent = True

    def expire(self, app: App) -> None:
        """Forget the sessions of an app, as Discord does after some minutes."""
        for session in self.of(app):
            self.forget(session)

    async def aclose(self) -> None:
        """Close everything."""
        for timer in self._timers:
            timer.cancel()
        for session in tuple(self.sessions.values()):
            if session.socket is not None:
                session.socket.abort()
