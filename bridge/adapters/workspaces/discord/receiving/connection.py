"""The gateway: kept up, watched, and never dialled so often that Discord resets the token."""

import asyncio
import random
from dataclasses import dataclass

import structlog

from bridge.adapters.common.tasks import begun, ended
from bridge.adapters.workspaces.discord.bot import Bot, Ended, Hears, Session
from bridge.adapters.workspaces.discord.errors import RECONNECT
from bridge.adapters.workspaces.discord.receiving.lines import HIDDEN, TURN_ON, UNREADABLE
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.errors import CredentialsRejected, DeskbridgeError, TemporaryFailure
from bridge.domain.ids import SECOND
from bridge.ports.holding import Held, while_held

log = structlog.get_logger("bridge.discord")

DEAF_AFTER = 45 * SECOND
"""A post of ours comes back within moments; when it has not by then, nothing does."""

KEPT_BACK = 100
"""So many of a day's sessions are never begun: after the last one Discord resets the token."""

GATEWAY, TOKEN, SESSIONS = "gateway", "token", "sessions"
"""Troubles."""

_DICE = random.SystemRandom()
_WRONG_TOKEN = 4004
_NOT_ALLOWED = 4014
_CONTENT_FLAGS = 1 << 18 | 1 << 19
"""discord.com/developers/docs/resources/application: the intent, and that of a small app."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """Seconds. Discord asks to wait one to five before a session that replaces another."""

    holding: float = 1.0
    greeting: float = 15.0
    anew: tuple[float, float] = (1.0, 5.0)
    longest: float = 60.0
    refused: float = 60.0


class Connection:
    """One connection after the other, from `open` to `close`, in one process of the desk only."""

    def __init__(self, site: Site, hears: Hears, patience: Patience) -> None:
        """Not connected yet; what comes goes to `hears`."""
        self._site = site
        self._hears = hears
        self._bot = self._new_bot()
        self._patience = patience
        self._task: asyncio.Task[None] | None = None
        self._ours = asyncio.Event()
        self._settled = asyncio.Event()
        self._failures = 0
        self._blind = False
        self._behind = False
        self._session: Session | None = None

    async def open(self) -> None:
        """Connect; returns when events come, or something stands in their way.

        While another process of the desk holds the gateway, this one only stands by. Raises
        `CredentialsRejected` and `TemporaryFailure`; then it may be opened again later.
        """
        self._bot = self._new_bot()
        self._ours.clear()
        self._settled.clear()
        try:
            await self._bot.login(self._site.discord.token)
        except DeskbridgeError:
            await self._bot.close()
            raise
        self._keep_up()
        if await _is_set(self._ours, self._patience.holding):
            await _is_set(self._settled, self._patience.greeting)
        else:
            log.info("gateway_held_elsewhere", workspace=self._site.id)

    def _new_bot(self) -> Bot:
        bot = Bot(self._site.discord, self._site.settings.gateway_url)
        bot.hears(self._hears)
        return bot

    async def close(self) -> None:
        """Disconnect; nothing is received from now on."""
        if self._task is not None:
            await ended(self._task)
        await self._bot.close()

    def greeted(self) -> None:
        """Events come, or would if we were in the server."""
        self._failures = 0
        self._site.standing.right(GATEWAY)
        self._site.standing.right(TOKEN)
        self._settled.set()

    # --- one after the other ------------------------------------------------------------------

    def _keep_up(self) -> None:
        self._session = None
        work = while_held(self._site.context.holding, GATEWAY, self._keep)
        self._task = begun(work, "discord gateway")

    async def _keep(self, held: Held) -> None:
        """Stay connected; a session that was another process's in between is not taken up."""
        log.info("gateway_held", workspace=self._site.id, epoch=held.epoch)
        self._session = None
        self._behind = held.epoch > 1
        self._ours.set()
        while True:
            try:
                if self._session is None:
                    await self._know_every_thread()
                    await self._may_begin()
                end = await self._bot.converse(self._session)
            except DeskbridgeError as error:
                await self._failed(error)
            else:
                await self._ended(end)

    async def _know_every_thread(self) -> None:
        """Whoever held the gateway before may have opened some since we read them."""
        if self._behind:
            await self._site.threads.load()
            self._behind = False

    async def _may_begin(self) -> None:
        """Return when a new session may be begun; see what may be asked for."""
        while True:
            answer = await self._site.discord.call(route("GET", "/gateway/bot"))
            limit = answer.get("session_start_limit") or {}
            left, after = int(limit.get("remaining", 0)), int(limit.get("reset_after", 0))
            if left > KEPT_BACK:
                break
            detail = f"only {left} sessions are left; the next ones come in {after // SECOND} s"
            self._site.standing.wrong(SESSIONS, detail, "find out why the desk connects so often")
            self._settled.set()
            await asyncio.sleep(min(after / SECOND, self._patience.refused))
        self._site.standing.right(SESSIONS)
        self._bot.ask_for_content(not self._blind or await self._may_read())

    async def _may_read(self) -> bool:
        flags = (await self._site.discord.who_am_i()).flags
        self._blind = not flags & _CONTENT_FLAGS
        if not self._blind:
            self._site.standing.right(UNREADABLE)
        return not self._blind

    async def _failed(self, error: DeskbridgeError) -> None:
        self._failures += 1
        if isinstance(error, CredentialsRejected):
            self._site.standing.wrong(TOKEN, str(error), RECONNECT)
            self._settled.set()
            await asyncio.sleep(self._patience.refused)
            return
        log.warning("gateway_lost", workspace=self._site.id, why=str(error))
        if self._failures > 1:
            self._site.standing.wrong(GATEWAY, str(error), "nothing: it is tried again")
        most = min(self._patience.longest, 2.0 ** min(self._failures, 10))
        await asyncio.sleep(most * _DICE.uniform(0.5, 1.0))  # so that not all come back at once

    async def _ended(self, end: Ended) -> None:
        self._session = end.session
        log.info("gateway_ended", workspace=self._site.id, code=end.code, goes_on=bool(end.session))
        match end.code:
            case None if end.session is not None:
                await self._again()
            case None:
                await asyncio.sleep(_DICE.uniform(*self._patience.anew))
            case code if code == _NOT_ALLOWED and not self._blind:
                self._blind = True
                self._site.standing.wrong(UNREADABLE, HIDDEN, TURN_ON)
            case code if code == _WRONG_TOKEN:
                await self._failed(CredentialsRejected("Discord does not take the bot's token"))
            case code:
                await self._failed(TemporaryFailure(f"Discord closed the gateway with {code}"))

    async def _again(self) -> None:
        """Take the session up at once; one that ends again and again is left for a while."""
        self._failures += 1
        if self._failures > 1:
            await self._failed(TemporaryFailure("the gateway ends as soon as it is open"))

    # --- watching -----------------------------------------------------------------------------

    async def look(self) -> None:
        """Replace a connection that is deaf; begin to read when we may again."""
        if (waited := self._site.echoes.deaf_for()) > DEAF_AFTER:
            log.warning("gateway_deaf", workspace=self._site.id, waited_ms=waited)
            self._site.echoes.give_up()
            await self._bot.hang_up()
        elif self._blind and await self._may_read():
            await self._begin_anew()

    async def _begin_anew(self) -> None:
        """What a session may hear is said when it begins."""
        if self._task is not None:
            await ended(self._task)
        self._keep_up()


async def _is_set(event: asyncio.Event, within: float) -> bool:
    """Wait for it, and no longer than that."""
    try:
        async with asyncio.timeout(within):
            await event.wait()
    except TimeoutError:
        return False
    return True
