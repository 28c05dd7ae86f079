"""Looks now and then whether what was wrong is right again, and whether events still come."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from bridge.adapters.common.standing import Standing
from bridge.adapters.common.tasks import begun, ended
from bridge.adapters.workspaces.slack.receiving.payloads import Handler, Payload
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import SECOND, ThreadRef

log = structlog.get_logger("bridge.slack")

LOOK_EVERY = 30.0
REVOKED = "installation"
"""The trouble of an app that was removed, or whose token was revoked."""
SILENT = "silence"
"""The trouble of a request URL that Slack calls no more."""

_SILENT_AFTER = 60 * SECOND
_REINSTALL = "run `deskbridge connect slack` and reinstall the app"
_TURN_ON = "look at Event Subscriptions of the app at Slack: the request URL may be switched off"


class Watch:
    """`again` is awaited when an app that had lost its rights has them back."""

    def __init__(
        self,
        site: Site,
        standing: Standing,
        rootless: set[ThreadRef],
        again: Callable[[], Awaitable[None]],
    ) -> None:
        """Nothing is watched yet. `rootless` are threads whose root is gone, with those of ours."""
        self._site = site
        self._standing = standing
        self._rootless = rootless
        self._again = again
        self._task: asyncio.Task[None] | None = None
        self.handlers: Mapping[str, Handler] = {
            "tokens_revoked": self._revoked,
            "app_uninstalled": self._revoked,
        }

    def start(self) -> None:
        """Look from now on."""
        self._task = begun(self._look_on(), "slack watch")

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            await ended(self._task)

    async def _revoked(self, event: Payload) -> None:
        """The app was removed, or its token taken away; other people's do not concern us."""
        tokens = event.get("tokens")
        bots = tokens.get("bot") if isinstance(tokens, dict) else None
        if event.get("type") == "tokens_revoked" and self._site.me.user not in (bots or ()):
            return
        what = "the app was removed from the workspace, or its token revoked"
        self._standing.wrong(REVOKED, what, _REINSTALL)

    async def look(self) -> None:
        """See whether the token is taken again, and whether our own posts come back."""
        if self._standing.is_wrong(REVOKED) and await self._accepted():
            self._standing.right(REVOKED)
            await self._again()
        await self._look_at_roots()
        if self._site.settings.mode == "http":
            self._listen()

    async def _look_at_roots(self) -> None:
        """We delete the root of a thread that we close: only an open one is missed."""
        for ref in tuple(self._rootless):
            thread = await self._site.threads.find(ref)
            if thread is None or thread.closed_at is not None:
                self._rootless.discard(ref)
                self._standing.right(_card(ref))
                continue
            detail = f"somebody deleted the card of #{thread.number} in Slack"
            fix = f"nothing: its next line opens another; at once: /transfer #{thread.number}"
            self._standing.wrong(_card(ref), detail, fix)

    def _listen(self) -> None:
        """A socket that is deaf is replaced; over HTTP only a person can do something."""
        waited = self._site.echoes.deaf_for()
        if waited > _SILENT_AFTER:
            detail = f"Slack takes our posts, but has sent no event for {waited // SECOND} s"
            self._standing.wrong(SILENT, detail, _TURN_ON)
        elif not waited:
            self._standing.right(SILENT)

    async def _accepted(self) -> bool:
        try:
            await self._site.slack.who_am_i()
        except DeskbridgeError as error:
            log.info("still_revoked", why=str(error))
            return False
        return True

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.look()


def _card(thread: ThreadRef) -> str:
    return f"card {thread}"
