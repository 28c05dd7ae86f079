"""The answer to one interaction: begun within 3 seconds, given once, by whichever way is open."""

import asyncio
from collections.abc import Sequence
from enum import Enum, auto

import structlog

from bridge.adapters.common.voice import Voice
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.errors import DiscordRefusal
from bridge.adapters.workspaces.discord.routes import Route, route
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces import kit
from bridge.adapters.workspaces.discord.surfaces.occasion import Did, Occasion
from bridge.domain.delivery import OfferedCommand
from bridge.domain.errors import DeskbridgeError, TemporaryFailure
from bridge.domain.ids import MINUTE, SECOND, WorkspaceUserId
from bridge.domain.text import FormattedText
from bridge.ports.commands import WorkspaceUser
from bridge.ports.pace import Urgency

log = structlog.get_logger("bridge.discord")

TOKEN_LIVES = 15 * MINUTE - 20 * SECOND
"""So long an interaction can be answered; Discord says 15 minutes."""

_MESSAGE, _THINKING, _THINKING_THERE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
_ANSWERED_ALREADY = 40060
_PAUSES = (0.3, 1.0, 3.0)
_ONCE_MORE = (0.2,)


class _State(Enum):
    NEW = auto()
    THINKING = auto()
    ANSWERED = auto()
    LOST = auto()
    """Discord takes no answer any more: there is only the private line."""
    ELSEWHERE = auto()
    """Discord told us of it twice: the other one is answered."""


class _Taken(Enum):
    YES = auto()
    NO = auto()
    BEFORE = auto()


class Reply:
    """Answers one person. Nothing of it raises what Discord refuses: there is another way."""

    def __init__(self, site: Site, voice: Voice, occasion: Occasion) -> None:
        """Nothing was answered."""
        self._site = site
        self._voice = voice
        self.occasion = occasion
        self._state = _State.NEW
        self._first = asyncio.Lock()

    @property
    def _in_place(self) -> bool:
        """Whether the answer takes the place of what was used."""
        return self.occasion.private and self.occasion.did in (Did.PRESS, Did.FORM)

    async def think(self) -> None:
        """Tell Discord that the answer comes, unless it was told; only its reader will see it."""
        if self.occasion.did is Did.TYPES:
            return
        if self._in_place:
            await self._begin({"type": _THINKING_THERE}, _State.THINKING)
        else:
            body: Json = {"type": _THINKING, "data": {"flags": kit.PRIVATE}}
            await self._begin(body, _State.THINKING)

    async def form(self, modal: Json) -> bool:
        """Open a form; false when it is too late for one."""
        return await self._begin({"type": _MODAL, "data": modal}, _State.ANSWERED)

    async def choices(self, entries: Sequence[Json]) -> None:
        """What an option may be."""
        await self._begin({"type": _CHOICES, "data": {"choices": list(entries)}}, _State.ANSWERED)

    async def show(self, view: Json) -> bool:
        """Show this; again: in the place of what was shown. False when there is no way any more."""
        kind = _UPDATE if self._in_place else _MESSAGE
        if await self._begin({"type": kind, "data": view}, _State.ANSWERED):
            return True
        if self._state in (_State.THINKING, _State.ANSWERED):
            await self._change(view)
        return self._state is not _State.LOST

    async def _change(self, view: Json) -> None:
        """Put this in the place of what was shown."""
        taken = _Taken.NO
        if not self._is_late:
            body = view | {"flags": kit.COMPONENTS}
            taken = await self._call(self._original("PATCH"), body, _PAUSES)
        self._state = _State.LOST if taken is _Taken.NO else _State.ANSWERED

    async def tell(
        self,
        user: WorkspaceUser,
        view: Json,
        text: FormattedText,
        offers: Sequence[OfferedCommand] = (),
    ) -> None:
        """Show the answer here; where that is not possible any more, as a private line.

        Raises `StorageUnavailable` when what its buttons say cannot be kept.
        """
        await self._site.kept.save()
        if await self.show(view):
            return
        log.info("answered_by_whisper", interaction=self.occasion.id)
        await self._voice.whisper(
            WorkspaceUserId(user.id),
            self.occasion.thread,
            text,
            tuple(offers),
            f"answer:{self.occasion.key}",
        )

    async def drop(self) -> None:
        """There is nothing to say: nothing goes on thinking."""
        await self.think()
        if self._state is _State.THINKING and not self._in_place:
            await self._call(self._original("DELETE"), None, _PAUSES)

    @property
    def _is_late(self) -> bool:
        return self._site.clock.now() - self.occasion.at > TOKEN_LIVES

    def _original(self, method: str) -> Route:
        return route(
            method,
            "/webhooks/{webhook_id}/{token}/messages/@original",
            webhook_id=self.occasion.application,
            token=self.occasion.token,
        )

    async def _begin(self, body: Json, then: _State) -> bool:
        """Give the first answer; false when there was one, or when it is too late for any."""
        to = route(
            "POST",
            "/interactions/{interaction_id}/{token}/callback",
            interaction_id=self.occasion.id,
            token=self.occasion.token,
        )
        async with self._first:
            if self._state is not _State.NEW:
                return False
            match await self._call(to, body, _ONCE_MORE):
                case _Taken.YES:
                    self._state = then
                case _Taken.NO:
                    self._state = _State.LOST
                case _Taken.BEFORE:
                    self._state = _State.ELSEWHERE
        return self._state is not _State.LOST

    async def _call(self, to: Route, body: Json | None, pauses: Sequence[float]) -> _Taken:
        """Whether Discord took it; what failed for now is called again, but not for long."""
        for tries, pause in enumerate((*pauses, None)):
            try:
                await self._site.discord.call(to, body, urgency=Urgency.LINE)
            except TemporaryFailure as error:
                if pause is None:
                    log.warning("interaction_not_answered", why=str(error))
                    return _Taken.NO
                await asyncio.sleep(max(pause, min(error.retry_after or 0.0, 5.0)))
            except DiscordRefusal as error:
                if error.discord_code == _ANSWERED_ALREADY:  # by the call that seemed to fail
                    return _Taken.YES if tries else _Taken.BEFORE
                log.info("interaction_not_answered", why=str(error))
                return _Taken.NO
            except DeskbridgeError as error:
                log.warning("interaction_not_answered", why=str(error))
                return _Taken.NO
            else:
                return _Taken.YES
        return _Taken.NO
