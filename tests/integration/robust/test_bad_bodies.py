"""Whatever is sent to whichever address: it is refused in words, and nobody else notices."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import pytest

from bridge.adapters.channels.webchat.settings import WebChatSettings
from tests.integration.robust.bodies import Sent, bad_forms, bad_json, bad_uploads
from tests.integration.robust.ground import CHANGING, Entry, Ground
from tests.integration.robust.routes import (
    NO_BODY,
    NO_MORE_THAN_A_SESSION,
    RIGHT,
    UPLOADS,
    target,
)
from tests.integration.robust.wire import Reply

pytestmark = pytest.mark.asyncio(loop_scope="module")

_SOME = 5
"""A stranger is sent away before anybody looks at the body: every fifth is enough."""


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
    assert ground.rows() == before | {"message": before["message"] + 2 * turns}
    assert await ground.regular.read() == ground.regular.expected()
    assert ground.regular.longest < 10
