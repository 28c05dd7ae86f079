"""Do the processes of a desk find each other? Looked at from one machine, for `doctor`."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import aiohttp
import msgspec

from bridge.app.storing import neighbours_url
from bridge.app.whereabouts import SAID, Said, address_for, listens_at
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import MINUTE, SECOND
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.clock import SystemClock
from bridge.ports.plugin import Check
from bridge.settings import Settings
from bridge.settings.key import KEY_FILE, desk_key
from bridge.settings.sections import is_loopback
from bridge.web.health import PROCESS

_SECONDS = 3.0
_APART = MINUTE
_NONE_OF_OURS = ""


class Around(Value):
    """What is to be seen from here.

    `own` is where the others are told that this process is. `here` is the process that answers at
    this machine's address, `there` the one at `own`: None is nobody, "" is no desk.
    """

    own: str
    here: str | None = None
    there: str | None = None
    elsewhere: tuple[str, ...] = ()
    leader: str = ""
    leader_answers: bool = True
    another_key: bool = False
    apart: int = 0


async def examine(settings: Settings, language: str) -> list[Check]:
    """Every check of a desk on PostgreSQL; none where one process is the whole desk."""
    if settings.database_url is None:
        return []
    around = await _look(settings, settings.database_url)
    return list(judge(around, settings.server.public_url, language))


def judge(around: Around, public_url: str | None, language: str) -> Iterator[Check]:
    """What whoever sets up several processes has to be told; the worst of each thing."""
    wrong, serious = _wrong(around, public_url), True
    if not wrong and not _is_plain(around.own):
        wrong, serious = "roundabout", False
    data = {"own": around.own, "others": ", ".join(_names(around.elsewhere, language))}
    if wrong:
        yield _check("replica_url", wrong, language, serious=serious, **data)
    else:
        asked = "here" if around.here is not None else "not_running"
        yield Check(name="replica_url", ok=True, detail=say(language, f"replicas.{asked}", **data))
    if not around.leader_answers:
        yield _check("replica leader", "leader", language, leader=around.leader)
    if around.another_key:
        yield _check("replica key", "key", language)
    if abs(around.apart) > _APART:
        seconds = str(round(abs(around.apart) / SECOND))
        yield _check("replica clock", "clock", language, serious=False, seconds=seconds)


def _wrong(around: Around, public_url: str | None) -> str:
    """What keeps other processes from reaching this one; nothing, if nothing does."""
    host = urlsplit(around.own).hostname or ""
    if public_url is not None and _place(around.own) == _place(public_url):
        return "balancer"
    if is_loopback(host) and around.elsewhere:
        return "loopback"
    if around.here is None or around.there == around.here:
        return ""
    if around.there is None:
        return "unreached"
    return "foreign" if around.there else "no_desk"


def _is_plain(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.path in ("", "/")


def _place(url: str) -> tuple[str | None, int]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _names(addresses: tuple[str, ...], language: str) -> Iterator[str]:
    """Where others are; of one that shares the database's machine that is all that is known."""
    return (each or say(language, "replicas.beside_database") for each in addresses)


def _check(name: str, key: str, language: str, *, serious: bool = True, **data: str) -> Check:
    return Check(
        name=name,
        ok=not serious,
        warning=not serious,
        detail=say(language, f"replicas.{key}", **data),
        fix=say(language, f"replicas.fix.{key}", **data),
    )


# --- looking ------------------------------------------------------------------------------------


async def _look(settings: Settings, url: str) -> Around:
    server = settings.server
    own = server.replica_url or await address_for(server.host, server.port, url)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as http:
        here, there = await asyncio.gather(
            _process_at(http, listens_at(server.host, server.port)), _process_at(http, own)
        )
        around = Around(own=own, here=here, there=there)
        try:
            found = await neighbours_url(url, SAID)
        except StorageUnavailable:
            return around  # which the desk itself says better
        said = None if found.said is None else msgspec.json.decode(found.said, type=Said)
        if said is None or said.epoch != found.epoch:
            said = Said(epoch=0, url="")
        answers = not said.url or await _process_at(http, said.url) is not None
    return msgspec.structs.replace(
        around,
        elsewhere=found.elsewhere,
        leader=said.url,
        leader_answers=answers,
        another_key=_has_another_key(settings, said.key),
        apart=SystemClock().now() - found.now,
    )


def _has_another_key(settings: Settings, key: str) -> bool:
    if not key or not (settings.data_dir / KEY_FILE).exists():
        return False
    return desk_key(settings.data_dir).fingerprint != key


async def _process_at(http: aiohttp.ClientSession, url: str) -> str | None:
    """Which process answers there; None: nobody does."""
    try:
        async with http.get(f"{url}/healthz", allow_redirects=False) as answer:
            return answer.headers.get(PROCESS, _NONE_OF_OURS)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
