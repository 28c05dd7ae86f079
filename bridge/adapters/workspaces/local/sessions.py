"""Sessions: a random cookie whose digest is kept, over when the person or an admin says so."""

import secrets
from hashlib import sha256

import msgspec

from bridge.adapters.workspaces.local.entries import encode
from bridge.adapters.workspaces.local.people import People, User
from bridge.domain.ids import HOUR, Instant, Millis, WorkspaceUserId
from bridge.domain.value import Value
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.clock import Clock

_SESSIONS = "sessions"


class Session(Value):
    """Somebody is signed in; `digest` names it without giving it away."""

    digest: str
    user: WorkspaceUserId
    generation: int
    expires_at: Instant


_decoder = msgspec.json.Decoder(Session)


class Sessions:
    """Opens sessions and finds the person behind a cookie."""

    def __init__(self, store: AdapterStore, clock: Clock, people: People, *, lasts: Millis) -> None:
        """Stand on the adapter's own store."""
        self._store = store
        self._clock = clock
        self._people = people
        self._lasts = lasts

    async def open(self, user: User) -> str:
        """Sign somebody in; gives the cookie, which is kept nowhere else."""
        cookie = secrets.token_urlsafe(32)
        session = Session(
            digest=digest(cookie),
            user=user.id,
            generation=user.generation,
            expires_at=Instant(self._clock.now() + self._lasts),
        )
        await self._store.put(_SESSIONS, session.digest, encode(session))
        return cookie

    async def who(self, cookie: str) -> tuple[Session, User] | None:
        """The session and person behind a cookie; None when it is not (or no more) valid."""
        return None if not cookie else await self.valid(digest(cookie))

    async def valid(self, named: str) -> tuple[Session, User] | None:
        """The same by digest, for whoever asks again later."""
        body = await self._store.get(_SESSIONS, named)
        if body is None:
            return None
        session = _decoder.decode(body)
        user = await self._people.user(session.user)
        if (
            user is None
            or not user.active
            or user.generation != session.generation
            or session.expires_at <= self._clock.now()
        ):
            await self._store.remove(_SESSIONS, named)
            return None
        return session, user

    async def close(self, cookie: str) -> None:
        """Sign out here."""
        await self._store.remove(_SESSIONS, digest(cookie))

    async def sweep(self) -> None:
        """Forget the sessions that have been over for an hour."""
        now = self._clock.now()
        for document in await self._store.scan(_SESSIONS):
            if _decoder.decode(document.body).expires_at + HOUR < now:
                await self._store.remove(_SESSIONS, document.key)


def digest(cookie: str) -> str:
    """What is kept of a cookie."""
    return sha256(cookie.encode()).hexdigest()
