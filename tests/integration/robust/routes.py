"""What every entry point takes, so that something can be wrong with it."""

from collections.abc import Mapping
from uuid import uuid4

from tests.integration.robust.ground import Entry, Ground

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
    f"POST {_CHAT}/received": {"up_to": 1},
    f"POST {_CHAT}/read": {"up_to": 1},
    f"POST {_CHAT}/typing": {},
    f"POST {_CHAT}/end": {"id": str(uuid4())},
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
    "POST /v1/conversations/{number}/messages": {
        "epoch": 1,
        "messages": [{"text": "hello", "buttons": [{"label": "Yes", "id": "y"}]}],
        "handoff": {"queue": "support", "reason": "r", "summary": "s", "priority": "high"},
        "close": False,
        "set": {"plan": "gold"},
    },
    "POST /demo/clock": {"hours": 1},
    "POST /demo/language": {"language": "en"},
    "POST /demo/customers": {"name": "Julia"},
    "POST /demo/phone": {"name": "Nina"},
    "POST /demo/phone/{customer}/{act}": {
        "text": "hello",
        "message": "x",
        "label": "x",
        "emoji": "x",
        "name": "x",
        "latitude": 0.5,
        "longitude": 0.5,
        "online": True,
    },
}
"""What each address takes; a new one is not tested before it stands here."""

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
    "POST /v1/bots/{bot}/dead-letters/{letter}/replay",
    "POST /v1/contacts/{contact}/end",
    "POST /v1/contacts/{contact}/erase",
    "POST /v1/deliveries/{delivery}/retry",
    "POST /desk/threads/{ref}/typing",
    "POST /desk/threads/{ref}/messages/{seq}/resend",
    "POST /desk/threads/{ref}/messages/{seq}/delete",
    "POST /desk/whispers/{seq}/dismiss",
    "POST /desk/people/{user}/link",
    "POST /desk/people/{user}/disable",
    "POST /desk/people/{user}/enable",
    "POST /desk/demo/sign-in/{handle}",
    "POST /demo/phone/{customer}/files",
}
"""Their address says it all: of something that is not there, they refuse whatever comes."""

NO_MORE_THAN_A_SESSION = {"POST /desk/sign-out", "POST /desk/sign-out-everywhere"}
"""Tried by strangers only: whoever may do it does nothing else by it."""


def target(entry: Entry, ground: Ground) -> str:
    """Something that is there, where a body says what is done to it; else something that is not."""
    if str(entry) not in NO_BODY:
        return entry.at(ground.ids)
    return entry.at(dict.fromkeys(ground.ids, "nothing") | {"line": str(uuid4()), "seq": "99"})
