"""What a process is besides its desk where several share one database: it takes, and passes on."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

import structlog

from bridge.app.intake import Intake
from bridge.app.storing import Database
from bridge.app.whereabouts import Whereabouts, reached_at
from bridge.domain.errors import InvalidSettings
from bridge.domain.ids import ChannelId
from bridge.ports.arrivals import INBOX
from bridge.ports.channel import ChannelSink
from bridge.ports.clock import Clock
from bridge.ports.doorbell import Answer, Doorbell
from bridge.ports.holding import Held, Role
from bridge.settings import Settings
from bridge.settings.key import DeskKey
from bridge.web.health import Health, Phase
from bridge.web.passing_on import PassingOn, Place
from bridge.web.seal import Seal
from bridge.web.sharing import Sharing

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Common:
    """What the parts of a process know of each other where there are several.

    `leading` is set as soon as this one runs the desk.
    """

    role: Role
    url: str
    leading: asyncio.Event
    whereabouts: Whereabouts
    passing_on: PassingOn
    sharing: Sharing


async def common_parts(
    settings: Settings,
    role: Role,
    secrets: DeskKey,
    database: Database,
    clock: Clock,
    listener: socket.socket,
) -> Common | None:
    """What the parts of one process of several share; None where one process is the whole desk.

    Raises `InvalidSettings` for a role that one process alone cannot have.
    """
    if settings.database_url is None:
        if role is not Role.ALL:
            raise InvalidSettings(
                f"--role {role}: for several processes; they need [desk] database_url"
            )
        return None
    database.stand_by()
    whereabouts = Whereabouts(database, secrets.fingerprint)
    seal = Seal(secrets.secret("requests passed on"), clock)
    passing_on = PassingOn(seal, lambda: whereabouts.now)
    return Common(
        role=role,
        url=settings.server.replica_url or await reached_at(listener, settings.database_url),
        leading=asyncio.Event(),
        whereabouts=whereabouts,
        passing_on=passing_on,
        sharing=Sharing(role, seal, passing_on),
    )


class Replica:
    """One process of several: `begin` before it leads, `lead` when it does, `end` at last."""

    def __init__(self, common: Common, intake: Intake, health: Health, doorbell: Doorbell) -> None:
        """Nothing is taken yet."""
        self._doorbell = doorbell
        self.role = common.role
        self._common = common
        self._intake = intake
        self._health = health
        self._watching: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._answering: asyncio.Task[None] | None = None

    @property
    def leads(self) -> bool:
        """Whether this process runs the desk."""
        return self._common.leading.is_set()

    @property
    def leader(self) -> Place | None:
        """Where the process that runs the desk is asked, as far as this one knows."""
        return self._common.whereabouts.now

    @property
    def kept(self) -> int:
        """What customers sent here while another process ran the desk."""
        return self._intake.kept

    @property
    def passing_on(self) -> PassingOn:
        """The requests that are served elsewhere."""
        return self._common.passing_on

    async def begin(self) -> None:
        """Take what customers send, unless that is not for us. Raises as channels' `start`."""
        if self.role is Role.WORKER:
            self._health.phase = Phase.STANDBY
            return
        await self._common.whereabouts.look()
        await self._intake.open()
        watching = self._common.whereabouts.watch(self.passing_on.sweep)
        self._watching = _begun(watching, "who leads")
        self._health.phase = Phase.INTAKE
        log.info("taking", url=self._common.url, role=self.role.value)

    async def lead(self, sink: Callable[[ChannelId], ChannelSink]) -> None:
        """Hand what comes in over to these from now on."""
        await self._intake.lead_to(sink)
        self._common.leading.set()

    async def tell(self, held: Held, arrived: Answer) -> None:
        """Let the other processes know that we are ready, and where; and hear when they ring."""
        saying = self._common.whereabouts.say(held, self._common.url)
        answering = self._doorbell.run({INBOX: arrived})
        self._telling = _begun(saying, "where we are")
        self._answering = _begun(answering, "doorbell")
        await _ended(self._watching)
        self._common.whereabouts.forget()
        self.passing_on.sweep()

    async def deaf(self) -> None:
        """Answer no bell any more: what is rung for waits for who leads next."""
        await _ended(self._answering)

    async def end(self) -> None:
        """Nobody is looked for and nothing passed on any more."""
        await _ended(self._watching, self._telling, self._answering)
        await self.passing_on.close()


def _begun(work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
    """Beside everything else; should it ever fail, the log says so."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_failed)
    return task


def _failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("work_failed", work=task.get_name(), exc_info=error)


async def _ended(*tasks: asyncio.Task[None] | None) -> None:
    going = [task for task in tasks if task is not None]
    for task in going:
        task.cancel()
    await asyncio.gather(*going, return_exceptions=True)
