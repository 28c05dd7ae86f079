"""What `doctor` asks of a desk: is it staffed, reachable, storing, and are its adapters well?"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from bridge.app.adapters import by_place
from bridge.app.app import FIRST_AGENT
from bridge.app.storing import Database
from bridge.delivery.calling import Adapters
from bridge.domain.delivery import AskBot, DeliveryState
from bridge.domain.errors import DeskbridgeError, InvalidSettings
from bridge.engine.engine import Engine
from bridge.ports.plugin import Check, Diagnoses, DiagnosesRooms
from bridge.settings import Settings, changed_keys

_SECONDS = 15.0
_MOST = 1_000


Build = Callable[[Settings], Adapters]


class Checks:
    """Looks at one desk, as its settings are on disk now; changes nothing."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        database: Database,
        adapters: Adapters,
        refusing: Callable[[], Mapping[str, str]],
        build: Build | None,
    ) -> None:
        """Look at these. `refusing` are the places that take no call of ours, and what they said.

        `build` makes the adapters of other settings; None: never read again.
        """
        self._refusing = refusing
        self._settings = settings
        self._desk = engine.desk
        self._database = database
        self._adapters = adapters
        self._build = build

    async def __call__(self) -> list[Check]:
        """Every check, in the order in which one would set a desk up."""
        settings, adapters, said = await self._on_disk()
        checks = [*said, await self._storage(), *_configured(settings), *self._staffed()]
        for place, adapter in by_place(adapters).items():
            if isinstance(adapter, Diagnoses):
                checks += await _diagnosed(place, adapter.diagnose())
            if isinstance(adapter, DiagnosesRooms):
                bound = [
                    room.ref for room in self._desk.rooms if room.workspace == adapter.workspace_id
                ]
                checks += await _diagnosed(place, adapter.diagnose_rooms(bound))
        checks += (_refused(*each) for each in sorted(self._refusing().items()))
        checks.append(await self._deliveries())
        return checks

    async def _on_disk(self) -> tuple[Settings, Adapters, list[Check]]:
        """What is to be looked at: what the next start would begin with."""
        before = (self._settings, self._adapters)
        if self._build is None:
            return *before, []
        try:
            settings = await asyncio.to_thread(self._settings.again)
        except InvalidSettings as mistakes:
            return *before, [_mistake(line) for line in str(mistakes).splitlines()]
        changed = changed_keys(self._settings, settings)
        if not changed:
            return *before, []
        return settings, self._build(settings), [_restart(changed)]

    async def _storage(self) -> Check:
        found = await self._database.problems()
        if found:
            return Check(
                name="database",
                ok=False,
                detail=found[0],
                fix="stop the desk and put the last backup back: see docs/operations.md",
            )
        return Check(name="database", ok=True, detail="sound")

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
        untold = sorted(
            {
                each.place
                for each in found
                if isinstance(each.body, AskBot) and not each.body.fleeting
            }
        )
        fix = "their agents were told; Retry is on each line" if found else ""
        if untold:
            fix = f"{fix}. For bots: deskbridge bot dead {untold[0]}"
        return Check(
            name="deliveries",
            ok=True,
            warning=bool(found),
            detail=f"{len(found)} failed or unknown",
            fix=fix,
        )


def _refused(place: str, said: str) -> Check:
    return Check(
        name=f"{place}.access",
        ok=False,
        detail=f"what is for it waits: {said}",
        fix=f"put what it takes into [{place}], then restart the desk; nothing is lost meanwhile",
    )


def _configured(settings: Settings) -> Iterator[Check]:
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


def _restart(changed: Sequence[str]) -> Check:
    return Check(
        name="running desk",
        ok=True,
        warning=True,
        detail=f"was started before these were changed: {', '.join(changed)}",
        fix="restart it; until then it goes on with what it was started with",
    )


def _mistake(line: str) -> Check:
    said, _, fix = line.partition("; ")
    return Check(name="settings", ok=False, detail=said, fix=fix or "correct it in the settings")


async def _diagnosed(place: str, looking: Awaitable[tuple[Check, ...]]) -> list[Check]:
    try:
        async with asyncio.timeout(_SECONDS):
            found = await looking
    except (DeskbridgeError, TimeoutError, OSError) as failure:
        said = str(failure) or "no answer"
        return [Check(name=place, ok=False, detail=said, fix=f"look at [{place}]")]
    return [replace(check, name=_placed(place, check.name)) for check in found]


def _placed(place: str, name: str) -> str:
    return name if name.startswith(place) else f"{place}.{name}"
