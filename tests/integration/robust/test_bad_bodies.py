"""Whatever is sent to whichever address: it is refused in words, and nobody else notices."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from uuid import uuid4

import pytest

from bridge.adapters.channels.webchat.settings import WebChatSettings
from tests.integration.robust.bodies import Sent, bad_forms, bad_json, bad_uploads
from tests.integration.robust.ground import CHANGING, Entry, Ground
from tests.integration.robust.wire import Reply

pytestmark = pytest.mark.asyncio(loop_scope="module")

_CHAT = "/chat/webchat"
RIGHT: Mapping[str, Mapping[str, object]] = {
    f"POST {_CHAT}/session": {},
    f"POST {_CHAT}/messages": {
        "id": str(uuid4()),
        "text": "hello",
        "files": [],
        "reply_to": "x",
        "choice": "x",
        "name": "Nils",
        "language": "en",
    },
    f"POST {_CHAT}/messages/{{line}}": {"id": str(uuid4()), "text": "hello"},
    f"POST {_CHAT}/read": {"up_to": 1},
    f"POST {_CHAT}/typing": {},
    "POST /v1/queues": {"name": "other", "title": "Other"},
    "PATCH /v1/queues/{queue}": {
        "title": "Other",
        "active": True,
        "strategy": "manual",
        "visibility": "room",
        "names": "name",
        "first_reply_timeout": 60,
        "notify_after": 60,
        "inactivity_timeout": 60,
        "max_waiting": 5,
    },
    "PUT /v1/queues/{queue}/members/{agent}": {"level": 0},
    "POST /v1/rooms": {"workspace": "local", "room": "x", "title": "X", "queue": "support"},
    "POST /v1/agents": {
        "handle": "dora",
        "name": "Dora",
        "role": "agent",
        "email": "dora@acme.example",
        "capacity": 5,
        "language": "en",
        "workspace": "local",
        "user": "dora",
    },
    "PATCH /v1/agents/{agent}": {
        "name": "Carla",
        "alias": "C",
        "role": "agent",
        "capacity": 5,
        "language": "en",
        "active": True,
    },
    "PUT /v1/agents/{agent}/user": {"workspace": "local", "user": "dora"},
    "POST /v1/agents/{agent}/invitation": {"email": "carla@acme.example", "workspace": "local"},
    "POST /v1/templates": {"name": "hi", "language": "en", "body": "Hi"},
    "POST /v1/tokens": {"name": "x", "scopes": ["queues:read"], "channel": "webchat"},
    "POST /demo/clock": {"hours": 1},
    "POST /demo/language": {"language": "en"},
    "POST /demo/customers": {"name": "Julia"},
}
"""What each address takes; a new one is not tested before it stands here."""

_SOME = 5
"""A stranger is sent away before anybody looks at the body: every fifth is enough."""

UPLOADS = {f"POST {_CHAT}/files"}

NO_BODY = {
    f"DELETE {_CHAT}/messages/{{line}}",
    f"POST {_CHAT}/{{rest}}",
    f"PUT {_CHAT}/{{rest}}",
    f"PATCH {_CHAT}/{{rest}}",
    f"DELETE {_CHAT}/{{rest}}",
    "DELETE /v1/queues/{queue}/members/{agent}",
    "DELETE /v1/rooms/{workspace}/{room}",
    "DELETE /v1/tokens/{token}",
    "POST /desk/threads/{ref}/typing",
    "POST /desk/threads/{ref}/messages/{seq}/resend",
    "POST /desk/threads/{ref}/messages/{seq}/delete",
    "POST /desk/whispers/{seq}/dismiss",
    "POST /desk/people/{user}/link",
    "POST /desk/people/{user}/disable",
    "POST /desk/people/{user}/enable",
    "POST /desk/demo/sign-in/{handle}",
}
"""Their address says it all: of something that is not there, they refuse whatever comes."""

NO_MORE_THAN_A_SESSION = {"POST /desk/sign-out", "POST /desk/sign-out-everywhere"}
"""Tried by strangers only: whoever may do it does nothing else by it."""


def bodies(entry: Entry, ground: Ground) -> Iterable[Sent]:
    """The bodies to send there."""
    name = str(entry)
    if name in UPLOADS:
        return bad_uploads(_upload_limit(ground))
    if entry.surface == "desk":
        return bad_forms()
    return bad_json({} if name in NO_BODY else RIGHT[name])


def _upload_limit(ground: Ground) -> int:
    chat = ground.house.settings.channels["webchat"].settings
    assert isinstance(chat, WebChatSettings)
    return chat.max_file_mb * 1024 * 1024


def target(entry: Entry, ground: Ground) -> str:
    """Something that is there, where a body says what is done to it; else something that is not."""
    if str(entry) not in NO_BODY:
        return entry.at(ground.ids)
    return entry.at(dict.fromkeys(ground.ids, "nothing") | {"line": str(uuid4()), "seq": "99"})


def wrong(entry: Entry, sent: Sent, reply: Reply) -> Iterator[str]:
    """What is wrong with this answer."""
    about = f"{entry}, {sent.name}: {reply.status} {reply.body[:80]!r}"
    if not 400 <= reply.status < 500:
        yield about
    elif "error" not in (_json(reply) or {}) and not (
        entry.surface == "desk" and reply.kind == "text/html"
    ):
        yield f"no error in JSON: {about}"


def _json(reply: Reply) -> Mapping[str, object] | None:
    try:
        found = json.loads(reply.body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


async def faults(ground: Ground, *, known: bool) -> list[str]:
    """Send everything everywhere, as somebody who is let in or as a stranger."""
    found: list[str] = []
    for entry in ground.entries(*CHANGING):
        if known and str(entry) in NO_MORE_THAN_A_SESSION:
            continue
        proof = ground.proof(entry) if known else (("Accept", "application/json"),)
        for sent in islice(bodies(entry, ground), 0, None, 1 if known else _SOME):
            headers = (*proof, *sent.headers, ("Content-Type", sent.kind))
            reply = await ground.wire.send(entry.method, target(entry, ground), headers, sent.body)
            found += wrong(entry, sent, reply)
    return found


@pytest.mark.parametrize("known", [True, False], ids=["let in", "a stranger"])
async def test_every_address_refuses_what_it_cannot_take_and_keeps_nothing(
    ground: Ground, known: bool
) -> None:
    turns, before = ground.regular.turns, ground.rows()

    async with ground.regular.talking():
        found = await faults(ground, known=known)

    turns = ground.regular.turns - turns
    assert not found, "\n".join(found[:40])
    assert ground.complaints.getvalue() == ""
    assert turns > 0
    assert ground.rows() == before | {
        "inbox": before["inbox"] + 2 * turns,
        "message": before["message"] + 2 * turns,
    }
    assert await ground.regular.read() == ground.regular.expected()
    assert ground.regular.longest < 2
