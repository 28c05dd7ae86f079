"""The post office: sends each event to each app that hears it, again where it must."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

import aiohttp

from bridge.simulators.common.changes import Happening
from bridge.simulators.common.wire import JsonObject, obj, txt
from bridge.simulators.slack.faults import EventFault, Faults
from bridge.simulators.slack.outlets.http import HttpOutlet
from bridge.simulators.slack.outlets.parcel import Answer, Outlet, Parcel, ParcelKind
from bridge.simulators.slack.outlets.socket import SocketHub
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.world import World
from bridge.simulators.slack.subscriptions import envelope, hears


@dataclass(frozen=True, kw_only=True, slots=True)
class _Trip:
    """One event on its way to one app."""

    app_id: str
    payload: JsonObject
    fault: EventFault | None
    waits: asyncio.Event | None
    """Not before this is set."""
    frees: asyncio.Event | None
    """Set once it has been tried."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One try to bring an event."""

    app_id: str
    event_id: str
    type: str
    attempt: int
    ok: bool
    reason: str


class PostOffice:
    """Keeps the ways to every app and what went over them."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.deliveries: list[Delivery] = []
        self.lost: list[JsonObject] = []
        """Payloads that no try brought to the app."""
        self.sockets: dict[str, SocketHub] = {}
        self._world = world
        self._faults = faults
        self._http: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._trying = 0
        self._swapped: dict[str, asyncio.Event] = {}
        self._hour: dict[str, deque[float]] = {}
        self._tried: dict[str, deque[tuple[float, bool]]] = {}
        self._warned: dict[str, int] = {}
        world.changes.listen(self._on_happening)

    # ------------------------------------------------------------ ways

    def hub(self, app_id: str) -> SocketHub:
        """The sockets of an app."""
        if app_id not in self.sockets:
            self.sockets[app_id] = SocketHub(app_id, self._world)
        return self.sockets[app_id]

    def outlet(self, app: App) -> Outlet:
        """How this app is reached now."""
        if app.manifest.socket_mode:
            return self.hub(app.id)
        return self.http_outlet(app)

    def http_outlet(self, app: App) -> HttpOutlet:
        """Its addresses."""
        if self._http is None:
            self._http = aiohttp.ClientSession()
        world = self._world
        return HttpOutlet(self._http, lambda: world.app(app.id), world.now, world.timing.ack_within)

    async def ask(self, app: App, kind: ParcelKind, payload: JsonObject) -> Answer:
        """Bring a command or an interaction: one try, and the person waits for it."""
        if app.access != "granted":
            return Answer(ok=False, reason="not_installed")
        return await self.outlet(app).send(Parcel(kind=kind, payload=payload))

    # ------------------------------------------------------------ events

    def _on_happening(self, happening: Happening) -> None:
        for app in tuple(self._world.apps.values()):
            if hears(self._world, app, happening) and not self._over_the_hour(app):
                self._send(app, envelope(self._world, app, happening))

    def _over_the_hour(self, app: App) -> bool:
        """Count the event; beyond the limit it is dropped and the app told, once a minute."""
        now = self._world.now()
        seen = self._hour.setdefault(app.id, deque())
        while seen and seen[0] <= now - 3_600:
            seen.popleft()
        if len(seen) < self._world.quirks.events_per_hour:
            seen.append(now)
            return False
        minute = int(now) // 60
        if self._warned.get(app.id) != minute:
            self._warned[app.id] = minute
            self._send(app, _rate_limited(self._world, app, minute))
        return True

    def events_this_hour(self, app: App) -> int:
        """How many events were sent to an app."""
        return len(self._hour.get(app.id, ()))

    def _send(self, app: App, payload: JsonObject) -> None:
        kind = txt(obj(payload.get("event")).get("type")) or txt(payload.get("type"))
        fault = self._faults.for_event(kind)
        if fault is not None and fault.kind == "lose":
            self.lost.append(payload)
            return
        frees = self._swapped.pop(app.id, None)
        waits: asyncio.Event | None = None
        if fault is not None and fault.kind == "swap":
            waits = self._swapped[app.id] = asyncio.Event()
        trip = _Trip(app_id=app.id, payload=payload, fault=fault, waits=waits, frees=frees)
        copies = 1 + (fault.copies if fault is not None and fault.kind == "duplicate" else 0)
        for _ in range(copies):
            task = asyncio.create_task(self._bring(trip))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _bring(self, trip: _Trip) -> None:
        """Try, and try again as Slack does. Then the event is lost."""
        if trip.waits is not None:
            await trip.waits.wait()
        if trip.fault is not None and trip.fault.kind == "delay":
            await asyncio.sleep(trip.fault.seconds)
        answer = Answer(ok=False)
        for attempt, pause in enumerate((0.0, *self._world.timing.retry_after)):
            if attempt:
                await asyncio.sleep(pause)
            answer = await self._try(
                trip.app_id,
                Parcel(
                    kind="events_api",
                    payload=trip.payload,
                    attempt=attempt,
                    reason=answer.reason,
                ),
            )
            if trip.frees is not None:
                trip.frees.set()
            if answer.ok or answer.no_retry or self._gives_up(trip.app_id, answer):
                break
        if not answer.ok:
            self.lost.append(trip.payload)

    def _gives_up(self, app_id: str, answer: Answer) -> bool:
        app = self._world.app(app_id)
        nobody = app.manifest.socket_mode and answer.reason == "connection_failed"
        return nobody and self._world.quirks.without_socket == "lose"

    async def _try(self, app_id: str, parcel: Parcel) -> Answer:
        app = self._world.app(app_id)
        if app.url_disabled:
            return Answer(ok=False, reason="http_error", no_retry=True)
        self._trying += 1
        try:
            answer = await self.outlet(app).send(parcel)
        finally:
            self._trying -= 1
        self._note(app, parcel, answer)
        self._world.changes.wake()
        return answer

    def _note(self, app: App, parcel: Parcel, answer: Answer) -> None:
        payload = parcel.payload
        self.deliveries.append(
            Delivery(
                app_id=app.id,
                event_id=txt(payload.get("event_id")),
                type=txt(obj(payload.get("event")).get("type")) or txt(payload.get("type")),
                attempt=parcel.attempt,
                ok=answer.ok,
                reason=answer.reason,
            )
        )
        if not app.manifest.socket_mode:
            self._judge(app, answer.ok)

    def _judge(self, app: App, ok: bool) -> None:
        """Too few successes within an hour and the address is switched off."""
        now, quirks = self._world.now(), self._world.quirks
        tried = self._tried.setdefault(app.id, deque())
        tried.append((now, ok))
        while tried and tried[0][0] <= now - 3_600:
            tried.popleft()
        good = sum(1 for _, was_ok in tried if was_ok)
        if len(tried) >= quirks.disables_after and good < quirks.disables_below * len(tried):
            self._world.put_app(replace(app, url_disabled=True))

    # ------------------------------------------------------------ the rest

    @property
    def idle(self) -> bool:
        """No event is on its way. Those that wait for another try do not count."""
        return self._trying == 0

    async def verify_url(self, app: App) -> bool:
        """The handshake when an address is entered: is the challenge sent back?"""
        challenge = self._world.mint.secret(length=52)
        payload: JsonObject = {
            "type": "url_verification",
            "token": app.verification_token,
            "challenge": challenge,
        }
        parcel = Parcel(kind="events_api", payload=payload)
        answer = await self.http_outlet(app).send(parcel)
        said: Mapping[str, object] = answer.body
        return answer.ok and challenge in (said.get("challenge"), said.get("text"))

    async def aclose(self) -> None:
        """Stop trying and close every way."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for hub in self.sockets.values():
            await hub.aclose()
        if self._http is not None:
            await self._http.close()


def _rate_limited(world: World, app: App, minute: int) -> JsonObject:
    return {
        "type": "app_rate_limited",
        "token": app.verification_token,
        "team_id": world.team.id,
        "minute_rate_limited": minute * 60,
        "api_app_id": app.id,
    }
