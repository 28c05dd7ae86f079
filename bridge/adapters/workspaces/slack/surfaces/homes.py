"""Keeps the homes that people have opened as the desk is: drawn when opened and when it changes."""

import asyncio
from contextlib import suppress

import structlog

from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.tasks import begun, ended
from bridge.adapters.workspaces.slack.blocks.cards import digest
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.surfaces.home import HomeFacts, home_view
from bridge.domain.agent import Role
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import HOUR, Instant
from bridge.ports.pace import Urgency

log = structlog.get_logger("bridge.slack")

_FOLLOWED_FOR = 12 * HOUR
_MOST = 500


class Homes:
    """Draws one home at a time; many changes at once are one."""

    def __init__(self, site: Site, eyes: DeskEyes) -> None:
        """Nobody looks yet."""
        self._site = site
        self._eyes = eyes
        self._opened: dict[str, Instant] = {}
        self._shown: dict[str, str] = {}
        self._stale: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._fresh = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Follow the desk."""
        self._tasks = [begun(self._follow(), "slack homes"), begun(self._draw(), "slack homes")]

    async def stop(self) -> None:
        """Follow it no longer."""
        await ended(*self._tasks)

    def opened(self, user: str) -> None:
        """Somebody looks at his home; it is drawn now and followed for the day."""
        if not user:
            return
        self._opened.pop(user, None)
        self._opened[user] = self._site.clock.now()
        while len(self._opened) > _MOST:
            gone = next(iter(self._opened))
            del self._opened[gone]
            self._shown.pop(gone, None)
        # He may have reset his client: what he was shown last is no reason not to draw.
        self._shown.pop(user, None)
        self._fresh.set()
        self._mark(user)

    def _mark(self, *users: str) -> None:
        for user in users:
            self._stale.setdefault(user)
        if self._stale:
            self._wake.set()

    async def _follow(self) -> None:
        async for _ in self._site.sink.changes():
            since = self._site.clock.now() - _FOLLOWED_FOR
            self._mark(*(user for user, at in self._opened.items() if at >= since))

    async def _draw(self) -> None:
        """Draw what is stale, then rest: changes meanwhile are drawn together."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._fresh.clear()
            stale, self._stale = list(self._stale), {}
            for user in stale:
                try:
                    await self.publish(user)
                except DeskbridgeError as error:
                    log.warning("home_not_drawn", user=user, why=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._fresh.wait(), self._site.settings.home_seconds)

    async def publish(self, user: str) -> None:
        """Draw one home, unless it looks as it did."""
        by = await self._site.people.user(user)
        home = await self._eyes.home(by)
        view = home_view(
            HomeFacts(
                home=home,
                language=await self._eyes.language(by) if home is None else home.language,
                url=self._site.me.url,
                now=self._site.clock.now(),
                queues=None if home is None else await self._eyes.queues(by),
                board=home is not None and home.agent.role is Role.ADMIN,
            )
        )
        looks = digest(view)
        if self._shown.get(user) == looks:
            return
        await self._site.slack.call("views.publish", urgency=Urgency.CARD, user_id=user, view=view)
        self._shown[user] = looks
