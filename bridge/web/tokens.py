"""Tokens of programs: made once, kept only as hashes, each with its scopes."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from bridge.commands.authorize import EntryPoint, Scope
from bridge.domain.errors import NotAuthorized, UntrustedRequest
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import Instant
from bridge.domain.value import Value
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.clock import Clock

PREFIX = "dk_"
_COLLECTION = "tokens"
_LONGEST = 200


class TokenScope(StrEnum):
    """What a token may be made for; the engine grants all but the last."""

    CONVERSATIONS = Scope.CONVERSATIONS.value
    QUEUES = Scope.QUEUES.value
    AGENTS = Scope.AGENTS.value
    BOT = Scope.BOT.value
    METRICS = "metrics:read"


class TokenRecord(Value):
    """What we keep of a token. `channel` narrows it to that channel's conversations.

    `bot` is the bot that it speaks for.
    """

    id: str
    name: str
    scopes: frozenset[str]
    created_at: Instant
    channel: str | None = None
    bot: str | None = None


class Tokens:
    """The tokens of one desk, and the operator's, which is derived from the desk's key."""

    def __init__(self, store: AdapterStore, clock: Clock, operator: str) -> None:
        """`operator` is the token that the command line of this machine uses."""
        self._store = store
        self._clock = clock
        self._operator = hashlib.sha256(operator.encode()).digest()

    async def create(
        self,
        name: str,
        scopes: frozenset[TokenScope],
        channel: str | None,
        bot: str | None = None,
    ) -> tuple[TokenRecord, str]:
        """A new token; its text is shown this once and never again."""
        text = PREFIX + secrets.token_urlsafe(32)
        record = TokenRecord(
            id=secrets.token_hex(4),
            name=name,
            scopes=frozenset(map(str, scopes)),
            created_at=self._clock.now(),
            channel=channel,
            bot=bot,
        )
        await self._store.put(_COLLECTION, _hash(text).hex(), msgspec.json.encode(record))
        return record, text

    async def list(self) -> Sequence[TokenRecord]:
        """All tokens, oldest first."""
        documents = await self._store.scan(_COLLECTION)
        records = [msgspec.json.decode(each.body, type=TokenRecord) for each in documents]
        return sorted(records, key=lambda record: (record.created_at, record.id))

    async def revoke(self, id: str) -> bool:
        """It is refused from now on; false when there is none."""
        for each in await self._store.scan(_COLLECTION):
            if msgspec.json.decode(each.body, type=TokenRecord).id == id:
                return await self._store.remove(_COLLECTION, each.key)
        return False

    async def actor(self, authorization: str) -> Actor:
        """Who an `Authorization` header speaks for. Raises `UntrustedRequest`."""
        scheme, _, text = authorization.partition(" ")
        text = text.strip()
        if scheme.lower() != "bearer" or not text.startswith(PREFIX) or len(text) > _LONGEST:
            raise UntrustedRequest("Send a token: Authorization: Bearer dk_...")
        digest = _hash(text)
        if hmac.compare_digest(digest, self._operator):
            return Actor(kind=ActorKind.OPERATOR, name="operator")
        # The look-up is by hash: how long it takes says nothing about any token.
        found = await self._store.get(_COLLECTION, digest.hex())
        if found is None:
            raise UntrustedRequest("This token is not known here, or was revoked.")
        record = msgspec.json.decode(found, type=TokenRecord)
        return Actor(
            kind=ActorKind.TOKEN,
            name=record.name,
            scopes=record.scopes,
            channel=record.channel,
            bot=record.bot,
        )

    @staticmethod
    def require(actor: Actor, scope: TokenScope) -> None:
        """Raises `NotAuthorized` when the token was not made for this."""
        if actor.kind is not ActorKind.OPERATOR and scope not in actor.scopes:
            raise NotAuthorized(f"This token lacks the scope {scope}.")


def entry_point(actor: Actor) -> EntryPoint:
    """The way an actor of ours comes in."""
    return EntryPoint.CLI if actor.kind is ActorKind.OPERATOR else EntryPoint.HTTP


def operator_token(secret: bytes) -> str:
    """The command line's token; whoever can read the desk's key can make it."""
    return PREFIX + secret.hex()


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
