"""Opens and changes modals within the three seconds that Slack gives."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.surfaces.occasion import Occasion
from bridge.adapters.workspaces.slack.surfaces.results import loading
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet
from bridge.ports.pace import Urgency

log = structlog.get_logger("bridge.slack")

SOON = 0.7
"""Seconds after which a modal is opened without what it shall show."""

Make = Callable[[], Awaitable[Json]]


class Modals:
    """One modal in front of one person."""

    def __init__(self, site: Site) -> None:
        """Nothing is open."""
        self._site = site

    async def show(self, occasion: Occasion, sheet: Sheet, language: str, make: Make) -> bool:
        """Show what `make` gives: in the modal that was pressed in, else in a new one.

        A trigger is good for three seconds: when `make` takes its time, the modal opens at once
        and is filled in then. False when Slack does not open it any more. Raises what `make` and
        a call raise.
        """
        making = asyncio.ensure_future(make())
        try:
            done, _ = await asyncio.wait({making}, timeout=SOON)
            view = occasion.view
            if not view:
                first = making.result() if done else loading(sheet, language)
                view = await self._open(occasion.trigger, first)
                if done or not view:
                    return bool(view)
            return await self.change(view, await making)
        finally:
            making.cancel()

    async def _open(self, trigger: str, view: Json) -> str:
        try:
            opened = await self._site.slack.call(
                "views.open", urgency=Urgency.LINE, trigger_id=trigger, view=view
            )
        except SlackRefusal as refusal:
            log.warning("modal_not_opened", why=str(refusal))
            return ""
        return str(opened["view"]["id"])

    async def change(self, view_id: str, view: Json) -> bool:
        """Show something else in a modal; false when it is closed."""
        try:
            await self._site.slack.call(
                "views.update", urgency=Urgency.LINE, view_id=view_id, view=view
            )
        except SlackRefusal as refusal:
            if refusal.slack_code != "not_found":
                log.warning("modal_not_changed", why=str(refusal))
            return False
        return True
