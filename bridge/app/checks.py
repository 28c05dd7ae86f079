"""What `doctor` asks of a desk: is it staffed, reachable, storing, and are its adapters well?"""

import asyncio
from collections.abc import Iterator

from msgspec.structs import replace

from bridge.app.adapters import by_place
from bridge.app.app import FIRST_AGENT
from bridge.app.storing import DATABASE, Database, problems
from bridge.delivery.calling import Adapters
from bridge.domain.delivery import DeliveryState
from bridge.domain.errors import DeskbridgeError
from bridge.engine.engine import Engine
from bridge.ports.plugin import Check, Diagnoses
from bridge.settings import Settings

_SECONDS = 15.0
_MOST = 1_000


class Checks:
    """Looks at one desk; changes nothing."""

    def __init__(
        self, settings: Settings, engine: Engine, database: Database, adapters: Adapters
    ) -> None:
        """Look at these."""
        self._settings = settings
        self._desk = engine.desk
        self._database = database
        self._adapters = adapters

    async def __call__(self) -> list[Check]:
        """Every check, in the order in which one would set a desk up."""
        checks = [await self._storage(), *self._configured(), *self._staffed()]
        for place, adapter in by_place(self._adapters).items():
            if isinstance(adapter, Diagnoses):
                checks += await _diagnosed(place, adapter)
        checks.append(await self._deliveries())
        return checks

    async def _storage(self) -> Check:
        found = await asyncio.to_thread(problems, self._settings.data_dir / DATABASE)
        if found:
            return Check(
                name="database",
                ok=False,
                detail=found[0],
                fix="stop the desk and put the last backup back: see docs/operations.md",
            )
        return Check(name="database", ok=True, detail="sound")

    def _configured(self) -> Iterator[Check]:
        settings = self._settings
        for section, entries, example in (
            ("channels", settings.channels, '[channels.webchat] with kind = "webchat"'),
            ("workspaces", settings.workspaces, '[workspaces.local] with kind = "local"'),
        ):
            yield Check(
                name=section,
                ok=bool(entries),
                detail=", ".join(entries) or "none",
                fix="" if entries else f"add {example} to the settings",
            )
        for name, entry in settings.channels.items():
            if entry.common.bot is None:
                yield Check(
                    name=f"channels.{name}",
                    ok=True,
                    warning=True,
                    detail="no bot talks first: every customer waits for a person",
                    fix=f'set bot = "..." in [channels.{name}] to change that',
                )

    def _staffed(self) -> Iterator[Check]:
        queues = [queue for queue in self._desk.queues if queue.active]
        yield Check(
            name="queues",
            ok=bool(queues),
            detail=", ".join(queue.name for queue in queues) or "none",
            fix="" if queues else "deskbridge queues create support",
        )
        agents = [agent for agent in self._desk.agents if agent.active]
        yield Check(
            name="agents",
            ok=bool(agents),
            detail=f"{len(agents)}, {sum(agent.available for agent in agents)} available",
            fix="" if agents else FIRST_AGENT,
        )
        for queue in queues:
            if not self._desk.members_of(queue.id):
                yield Check(
                    name=f"queue {queue.name}",
                    ok=True,
                    warning=True,
                    detail="nobody answers it",
                    fix=f"deskbridge queues add {queue.name} AGENT",
                )
            if not self._desk.rooms_of(queue.id):
                yield Check(
                    name=f"queue {queue.name}",
                    ok=False,
                    detail="no room: its conversations appear nowhere",
                    fix=f"deskbridge queues bind {queue.name} WORKSPACE ROOM",
                )

    async def _deliveries(self) -> Check:
        states = (DeliveryState.UNKNOWN, DeliveryState.DEAD)
        found = await self._database.reads.deliveries(states, _MOST)
        return Check(
            name="deliveries",
            ok=True,
            warning=bool(found),
            detail=f"{len(found)} failed or unknown",
            fix="their agents were told; Retry is on each line" if found else "",
        )


async def _diagnosed(place: str, adapter: Diagnoses) -> list[Check]:
    try:
        async with asyncio.timeout(_SECONDS):
            found = await adapter.diagnose()
    except (DeskbridgeError, TimeoutError, OSError) as failure:
        said = str(failure) or "no answer"
        return [Check(name=place, ok=False, detail=said, fix=f"look at [{place}]")]
    return [replace(check, name=_placed(place, check.name)) for check in found]


def _placed(place: str, name: str) -> str:
    return name if name.startswith(place) else f"{place}.{name}"
