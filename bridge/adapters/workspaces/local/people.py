"""The people of the local workspace: who may sign in, and who was invited to."""

import secrets
from collections.abc import Sequence
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from bridge.adapters.workspaces.local.entries import encode
from bridge.adapters.workspaces.local.passwords import Passwords
from bridge.domain.errors import DeskbridgeError, NotFound
from bridge.domain.ids import DAY, Instant, WorkspaceUserId, after
from bridge.domain.value import Value
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.clock import Clock
from bridge.ports.commands import UserKind, WorkspaceUser

_USERS, _EMAILS, _TOKENS = "users", "emails", "invitations"
_VALID = 7 * DAY
NOBODY = "first-admin@localhost"
"""The e-mail of a person who has yet to say his own."""


class AlreadyKnown(DeskbridgeError):
    """Somebody with this e-mail can sign in already."""


class User(Value):
    """One person. Without a `password` he was invited and has not come yet.

    Sessions of an older `generation` are over. An empty `language` or `theme` leaves it to the
    browser. `handle` is what the desk called him when he was locked out, so that he comes back
    as himself.
    """

    id: WorkspaceUserId
    email: str
    name: str
    created_at: Instant
    password: str = ""
    active: bool = True
    generation: int = 1
    language: str = ""
    theme: str = ""
    handle: str = ""

    @property
    def joined(self) -> bool:
        """True when he has chosen a password."""
        return bool(self.password)

    @property
    def nameless(self) -> bool:
        """True for the first admin before he has said who he is."""
        return self.email == NOBODY

    def seen_as(self) -> WorkspaceUser:
        """The person as the desk knows him."""
        kind = UserKind.MEMBER if self.active else UserKind.GONE
        return WorkspaceUser(id=self.id, name=self.name, kind=kind)


class Invitation(Value):
    """A one-time way in for `user`; only its digest is kept."""

    user: WorkspaceUserId
    token: str
    expires_at: Instant


class _Token(Value):
    user: WorkspaceUserId
    expires_at: Instant


_user = msgspec.json.Decoder(User)
_token = msgspec.json.Decoder(_Token)


class People:
    """Keeps users and invitations; a token works once."""

    def __init__(self, store: AdapterStore, clock: Clock, passwords: Passwords) -> None:
        """Stand on the adapter's own store."""
        self._store = store
        self._clock = clock
        self.passwords = passwords

    async def user(self, id: WorkspaceUserId) -> User | None:
        """A person by id."""
        body = await self._store.get(_USERS, id)
        return None if body is None else _user.decode(body)

    async def named(self, email: str) -> User | None:
        """A person by e-mail."""
        id = await self._store.get(_EMAILS, tidy(email))
        return None if id is None else await self.user(WorkspaceUserId(id.decode()))

    async def everybody(self) -> Sequence[User]:
        """Everybody, by name."""
        users = [_user.decode(document.body) for document in await self._store.scan(_USERS)]
        return sorted(users, key=lambda user: (not user.active, user.name.lower(), user.email))

    async def add(self, email: str, name: str, id: str | None = None) -> User:
        """Somebody who may be given a way in; the same e-mail gives the same person."""
        email = tidy(email)
        user = await self.named(email)
        if user is None:
            user = User(
                id=WorkspaceUserId(id or secrets.token_hex(8)),
                email=email,
                name=name or email.split("@", maxsplit=1)[0],
                created_at=self._clock.now(),
            )
            await self.save(user)
            await self._store.put(_EMAILS, email, user.id.encode())
        return user

    async def save(self, user: User) -> User:
        """Keep a person as he is now."""
        await self._store.put(_USERS, user.id, encode(user))
        return user

    async def invite(self, user: User) -> Invitation:
        """A fresh one-time way in, good for seven days; older ones of this person end."""
        for kept in await self._store.scan(_TOKENS):
            if _token.decode(kept.body).user == user.id:
                await self._store.remove(_TOKENS, kept.key)
        token = secrets.token_urlsafe(24)
        expires_at = after(self._clock.now(), _VALID)
        body = encode(_Token(user=user.id, expires_at=expires_at))
        await self._store.put(_TOKENS, _digest(token), body)
        return Invitation(user=user.id, token=token, expires_at=expires_at)

    async def invited_until(self, user: WorkspaceUserId) -> Instant | None:
        """When this person's unused way in ends; None: he has none that works."""
        kept = [_token.decode(each.body) for each in await self._store.scan(_TOKENS)]
        ends = [each.expires_at for each in kept if each.user == user]
        return max((end for end in ends if end > self._clock.now()), default=None)

    async def invited(self, token: str) -> User:
        """Whom a token is for. Raises `NotFound` when it was used, has expired or never was."""
        body = await self._store.get(_TOKENS, _digest(token))
        kept = None if body is None else _token.decode(body)
        if kept is None or kept.expires_at <= self._clock.now():
            raise NotFound("no such invitation")
        user = await self.user(kept.user)
        if user is None or not user.active:
            raise NotFound("nobody to invite any more")
        return user

    async def join(self, token: str, name: str, email: str, password: str) -> User:
        """Use a token: from now on this person signs in with this password.

        Raises `NotFound` for a token that does not work and `AlreadyKnown` for an e-mail that is
        somebody else's. Every session of his from before is over.
        """
        user = await self.invited(token)
        email = tidy(email) or user.email
        owner = await self.named(email)
        if owner is not None and owner.id != user.id:
            raise AlreadyKnown(email)
        kept = await self.passwords.hash(password)
        if not await self._store.remove(_TOKENS, _digest(token)):
            raise NotFound("the invitation was used meanwhile")
        if email != user.email:
            await self._store.remove(_EMAILS, user.email)
            await self._store.put(_EMAILS, email, user.id.encode())
        generation = user.generation + 1
        joined = replace(
            user, name=name or user.name, email=email, password=kept, generation=generation
        )
        return await self.save(joined)

    async def end_sessions(self, user: User) -> User:
        """Every session of this person is over from now on."""
        return await self.save(replace(user, generation=user.generation + 1))

    async def anybody_joined(self) -> bool:
        """Whether the workspace was set up."""
        return any(user.joined for user in await self.everybody())


def tidy(email: str) -> str:
    """An e-mail address as it is compared."""
    return email.strip().lower()


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
