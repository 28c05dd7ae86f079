"""The one way in: what Slack sends, by socket or by HTTP, is handled here before its ack."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

import structlog

from bridge.adapters.workspaces.slack.receiving.payloads import Handler, Payload
from bridge.adapters.workspaces.slack.receiving.volume import Volume
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.errors import StorageUnavailable

log = structlog.get_logger("bridge.slack")


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


class Intake:
    """Takes payloads while it is open; `close` waits for those that are under way.

    What a handler raises reaches Slack as "not taken": it sends the payload again, up to three
    times. One that was taken twice is one: the desk knows the sources of what it has.
    """

    def __init__(
        self, site: Site, surfaces: Surfaces, events: Mapping[str, Handler], volume: Volume
    ) -> None:
        """Closed at first. `events` are handled by their type; what is not among them is not."""
        self._site = site
        self._surfaces = surfaces
        self._events = events
        self._volume = volume
        self._open = False
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def handled(self) -> frozenset[str]:
        """The types of events that are handled."""
        return frozenset(self._events)

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
                self._volume.count()
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
                self._volume.refused()
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
