"""Somebody who is let in everywhere and asks for everything once, rightly."""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from uuid import NAMESPACE_URL, uuid4, uuid5

from tests.integration.robust.bodies import JSON, LINES
from tests.integration.robust.clinic import Clinic
from tests.integration.robust.ground import CHANGING, Entry, entries, signed_in
from tests.integration.robust.routes import RIGHT, UPLOADS
from tests.integration.robust.wire import Header, Wire
from tests.patience import PATIENCE

CANARY = "canary"
"""Stands in everything that he asks to be kept."""

FORMS: Mapping[str, bytes] = {
    "POST /desk/account": b"language=en&theme=dark",
    "POST /desk/threads/{ref}/messages": b"key=0123456789&text=canary",
    "POST /desk/threads/{ref}/messages/{seq}/edit": b"key=0123456789&text=canary",
    "POST /desk/threads/{ref}/messages/{seq}/react": "key=0123456789&emoji=👍".encode(),
    "POST /desk/invoke": b"key=0123456789&command=priority&text=%231+high",
    "POST /desk/people/invite": b"email=canary@acme.example",
    "POST /desk/people/{user}/agent": b"handle=canary",
}

KEEP_NOTHING = {
    "POST /chat/webchat/session",
    "POST /chat/webchat/typing",
    "POST /chat/webchat/{rest}",
    "PUT /chat/webchat/{rest}",
    "PATCH /chat/webchat/{rest}",
    "DELETE /chat/webchat/{rest}",
    "DELETE /v1/tokens/{token}",
    "POST /v1/conversations/{number}/messages",  # the operator is no bot
    "POST /v1/bots/{bot}/dead-letters/{letter}/replay",
    "POST /v1/contacts/{contact}/end",
    "POST /v1/contacts/{contact}/erase",
    "POST /v1/deliveries/{delivery}/retry",
    "POST /desk/sign-in",
    "POST /desk/setup",
    "POST /desk/join/{token}",
    "POST /desk/account/password",
    "POST /desk/threads/{ref}/typing",
    "POST /desk/threads/{ref}/messages/{seq}/resend",
    "POST /desk/whispers/{seq}/dismiss",
}
"""With what is sent there they have nothing to store, so they may answer."""


class Inspector:
    """Somebody who is let in everywhere and asks for everything once."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._wire = Wire(clinic.url)
        self._ids: dict[str, str] = {}
        self._proofs: dict[str, tuple[Header, ...]] = {}

    async def come(self) -> "Inspector":
        """Learn the names of things that are there."""
        clinic, wire = self._clinic, self._wire
        ana = await signed_in(wire, "ana")
        customer = clinic.customers[0]
        thread = (await clinic.agents[0].threads()).popitem()[1]
        shown = (await wire.send("GET", f"/desk/threads/{thread}", ana)).json()
        mine = [each["seq"] for each in shown["messages"] if each["mine"] == "demo-ana"]
        self._proofs = {
            "chat": tuple(customer.proof().items()),
            "desk": ana,
            "v1": (("Authorization", f"Bearer {clinic.app.operator}"),),
        }
        self._ids = {
            "ref": thread,
            "seq": str(mine[0]),
            "number": "1",
            "queue": "support",
            "agent": "bruno",
            "workspace": "local",
            "room": "support",
            "user": "demo-bruno",
            "handle": "ana",
            "command": "note",
            "line": str(uuid5(NAMESPACE_URL, f"{customer.name}-0001")),
            **dict.fromkeys(("token", "file", "key", "version", "name", "rest"), "nothing"),
            "bot": "menu",
            "letter": "0",
            "contact": "0",
            "delivery": "0",
            "erasure": "0",
        }
        return self

    async def asks_for_everything(self) -> list[str]:
        """What was not refused as it should be."""
        found = []
        for entry in self._entries(*CHANGING):
            kind, body = self._right(entry)
            headers = [*self._proofs.get(entry.surface, ()), ("Content-Type", kind)]
            reply = await self._wire.send(entry.method, entry.at(self._ids), headers, body)
            refused = reply.status == 503 and reply.header("retry-after")
            if not refused and not (str(entry) in KEEP_NOTHING and reply.status < 500):
                found.append(f"{entry}: {reply.status} {reply.body[:80]!r}")
        return found

    async def looks_at_everything(self) -> list[str]:
        """What could not even be looked at."""
        found = []
        for entry in self._entries("GET"):
            if entry.path in ("/readyz", "/desk/demo/sign-in/{handle}"):
                continue  # one says how it is, the other signs in
            proof = self._proofs.get(entry.surface, ())
            reply = await self._wire.send("GET", entry.at(self._ids), proof)
            if not 200 <= reply.status < 500:
                found.append(f"{entry}: {reply.status} {reply.body[:80]!r}")
        return found

    async def probes(self) -> tuple[int, int]:
        """What `/readyz` and `/healthz` say."""
        ready = await self._wire.send("GET", "/readyz")
        alive = await self._wire.send("GET", "/healthz")
        return ready.status, alive.status

    async def sees(self, probes: tuple[int, int]) -> bool:
        """Whether the probes say so in time."""
        began = time.monotonic()
        while await self.probes() != probes:
            if time.monotonic() - began > PATIENCE:
                return False
            await asyncio.sleep(0.1)
        return True

    def _entries(self, *methods: str) -> Iterator[Entry]:
        application = self._clinic.app.parts.server.application
        return (each for each in entries(application) if each.method in methods)

    def _right(self, entry: Entry) -> tuple[str, bytes]:
        name = str(entry)
        if name in UPLOADS:
            return "application/octet-stream", b"canary"
        if entry.surface == "desk":
            return LINES, FORMS.get(name, b"")
        fresh = {"id": str(uuid4()), "text": CANARY, "up_to": 10**9}
        right = dict(RIGHT.get(name, {}))
        return JSON, json.dumps(right | {key: fresh[key] for key in right if key in fresh}).encode()
