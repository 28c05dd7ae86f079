"""The one way in: what Slack sends, by socket or by HTTP, is handled here before its ack."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import structlog

from bridge.adapters.workspaces.slack.inbound import member_changed, reacted
from bridge.adapters.workspaces.slack.lines import Lines
from bridge.adapters.workspaces.slack.payloads import Payload, reaction_of
from bridge.adapters.workspaces.slack.rooms import Rooms
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.standing import Standing
from bridge.adapters.workspaces.slack.turns import Turns
from bridge.adapters.workspaces.slack.volume import Volume
from bridge.adapters.workspaces.slack.whereabouts import Whereabouts
from bridge.domain.errors import StorageUnavailable
from bridge.ports.commands import UserKind

log = structlog.get_logger("bridge.slack")

REVOKED = "installation"
"""The trouble of an app that was removed, or whose token was revoked."""
_REPAIR = "run `deskbridge connect slack` and reinstall the app, then restart the desk"


class Surfaces(Protocol):
    """Everything interactive. Each is awaited before the ack, and Slack waits 3 seconds."""

    async def action(self, payload: Payload) -> None:
        """A button, a menu or a picker was used (`block_actions`)."""
        ...

    async def shortcut(self, payload: Payload) -> None:
        """A shortcut was chosen, on a message or anywhere."""
        ...

    async def slash(self, payload: Payload) -> None:
        """A slash command was typed."""
        ...

    async def submission(self, payload: Payload) -> Payload | None:
        """A form was sent; what is given back becomes the `response_action`."""
        ...

    async def options(self, payload: Payload) -> Payload:
        """What a picker offers for the letters typed so far."""
        ...

    async def home_opened(self, event: Payload) -> None:
        """Somebody looks at the app's home."""
        ...

    async def typed(self, message: Payload) -> bool:
        """Run a `!command` or a mention of the app; false when the message is neither."""
        ...


Handler = Callable[[Payload], Awaitable[None]]


class Intake:
    """Takes payloads while it is open; `close` waits for those that are under way.

    What a handler raises reaches Slack as "not taken": it sends the payload again, up to three
    times. One that was taken twice is one: the desk knows the sources of what it has.
    """

    def __init__(
        self,
        site: Site,
        surfaces: Surfaces,
        lines: Lines,
        rooms: Rooms,
        where: Whereabouts,
        standing: Standing,
    ) -> None:
        """Closed at first."""
        self._site = site
        self._surfaces = surfaces
        self._where = where
        self._standing = standing
        self.volume = Volume(site.clock, standing)
        self._turns = Turns()
        self._open = False
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._events: Mapping[str, Handler] = {
            "message": lines.happened,
            "app_mention": lines.happened,
            "reaction_added": self._reaction,
            "reaction_removed": self._reaction,
            "user_change": self._member,
            "team_join": self._member,
            "app_home_opened": surfaces.home_opened,
            "tokens_revoked": self._revoked,
            "app_uninstalled": self._revoked,
            **rooms.handlers,
        }

    def open(self) -> None:
        """Take from now on."""
        self._open = True

    async def close(self) -> None:
        """Take nothing new; returns when what is under way has ended."""
        self._open = False
        await self._idle.wait()

    async def take(self, payload: Payload) -> Payload | None:
        """Handle one payload; what is given back goes into the ack.

        Raises `StorageUnavailable` and `Overloaded` when it was not taken.
        """
        if not self._open:
            raise StorageUnavailable("the desk takes nothing now")
        self._under_way += 1
        self._idle.clear()
        try:
            return await self._handle(payload)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _handle(self, payload: Payload) -> Payload | None:
        match payload.get("type"):
            case "event_callback":
                self._site.echoes.heard()
                self.volume.count()
                await self._event(payload)
            case "block_actions":
                await self._surfaces.action(payload)
            case "shortcut" | "message_action":
                await self._surfaces.shortcut(payload)
            case "view_submission":
                return await self._surfaces.submission(payload)
            case "block_suggestion":
                return await self._surfaces.options(payload)
            case "url_verification":
                return {"challenge": str(payload.get("challenge", ""))}
            case "app_rate_limited":
                self.volume.refused()
            case None if "command" in payload:
                await self._surfaces.slash(payload)
            case other:
                log.info("not_for_us", kind=str(other))
        return None

    async def _event(self, payload: Payload) -> None:
        event = payload.get("event")
        if not isinstance(event, dict):
            return
        handler = self._events.get(str(event.get("type")))
        if handler is not None:
            await handler(event)

    async def _reaction(self, event: Payload) -> None:
        said = reaction_of(event)
        if said is None or said.user == self._site.me.user:
            return
        channel, ts = said.item.channel, said.item.ts
        async with self._turns.turn(f"{channel}:{ts}"):
            thread = await self._where.thread_of(channel, ts)
            if await self._site.threads.find(thread) is None:
                return
            user = await self._site.people.user(said.user)
            done = reacted(self._site.id, self._site.me.team, said, thread, user)
            if done is not None and user.kind is not UserKind.BOT:
                await self._site.sink.accept(done)

    async def _member(self, event: Payload) -> None:
        """Somebody joined, changed or left; whoever is no full member is an agent no more."""
        user = event.get("user")
        person = self._site.people.learn(user) if isinstance(user, dict) else None
        if person is not None and person.user.kind is not UserKind.BOT:
            await self._site.sink.accept(member_changed(self._site.id, self._site.me.team, person))

    async def _revoked(self, event: Payload) -> None:
        """Our token was taken away; tokens of other people do not concern us."""
        bots = (event.get("tokens") or {}).get("bot") or []
        if event.get("type") == "tokens_revoked" and self._site.me.user not in bots:
            return
        what = "the app was removed from the workspace or its token revoked"
        self._standing.wrong(REVOKED, what, _REPAIR)
