"""Tokens of programs: what is kept, what is refused."""

import pytest

from bridge.commands.authorize import EntryPoint
from bridge.domain.errors import NotAuthorized, StorageUnavailable, UntrustedRequest
from bridge.domain.events import ActorKind
from bridge.ports.clock import SystemClock
from bridge.web.tokens import Tokens, TokenScope, entry_point, operator_token
from tests.fakes.adapter_memory import MemoryStore

OPERATOR = operator_token(b"o" * 32)
READING = frozenset({TokenScope.CONVERSATIONS})


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def tokens(store: MemoryStore) -> Tokens:
    return Tokens(store, SystemClock(), OPERATOR)


async def test_a_token_speaks_for_its_name_scopes_and_channel(tokens: Tokens) -> None:
    _, text = await tokens.create("crm", READING, "webchat")

    actor = await tokens.actor(f"Bearer {text}")

    assert (actor.kind, actor.name, actor.channel) == (ActorKind.TOKEN, "crm", "webchat")
    assert actor.scopes == {"conversations:read"}
    assert entry_point(actor) is EntryPoint.HTTP


async def test_the_text_of_a_token_is_kept_nowhere(tokens: Tokens, store: MemoryStore) -> None:
    _, text = await tokens.create("crm", READING, None)

    kept = await store.scan("tokens")

    assert all(text not in each.key and text.encode() not in each.body for each in kept)


async def test_a_revoked_token_is_refused(tokens: Tokens) -> None:
    record, text = await tokens.create("crm", READING, None)

    assert await tokens.revoke(record.id)

    with pytest.raises(UntrustedRequest):
        await tokens.actor(f"Bearer {text}")
    assert await tokens.list() == []


async def test_revoking_nothing_says_so(tokens: Tokens) -> None:
    assert not await tokens.revoke("00000000")


async def test_the_operators_token_speaks_for_the_command_line(tokens: Tokens) -> None:
    actor = await tokens.actor(f"Bearer {OPERATOR}")

    assert actor.kind is ActorKind.OPERATOR
    assert entry_point(actor) is EntryPoint.CLI


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer dk_",
        f"Basic {OPERATOR}",
        OPERATOR,
        f"Bearer {OPERATOR[:-1]}",
        f"Bearer {OPERATOR}x",
        f"Bearer {OPERATOR.upper()}",
        "Bearer dk_\udcff\udcfe",
        "Bearer dk_" + "a" * 100_000,
        "Bearer dk_ñ",
    ],
)
async def test_refuses(tokens: Tokens, header: str) -> None:
    with pytest.raises(UntrustedRequest):
        await tokens.actor(header)


async def test_a_store_that_cannot_be_read_lets_nobody_in(
    tokens: Tokens, store: MemoryStore
) -> None:
    _, text = await tokens.create("crm", READING, None)
    store.fail = True

    with pytest.raises(StorageUnavailable):
        await tokens.actor(f"Bearer {text}")


async def test_a_token_without_the_scope_is_told_which_it_lacks(tokens: Tokens) -> None:
    _, text = await tokens.create("crm", READING, None)
    actor = await tokens.actor(f"Bearer {text}")

    with pytest.raises(NotAuthorized, match="metrics:read"):
        tokens.require(actor, TokenScope.METRICS)
