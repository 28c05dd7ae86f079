"""What Discord answers becomes one of our errors, which says what to do."""

from collections.abc import AsyncIterator

import pytest

from bridge.adapters.workspaces.discord.client import DiscordClient
from bridge.adapters.workspaces.discord.errors import DiscordRefusal, refusal
from bridge.adapters.workspaces.discord.routes import Route, route
from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    DeskbridgeError,
    OutcomeUnknown,
    TemporaryFailure,
    TokenRejected,
)
from bridge.simulators.discord import DiscordSimulator, Fault

ME = route("GET", "/users/@me")
CREATE = route("POST", "/guilds/{guild_id}/channels", guild_id="1")


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (401, 0, TokenRejected),
        (403, 50001, CredentialsRejected),
        (403, 50013, CredentialsRejected),
        (400, 160006, TemporaryFailure),
        (429, 30046, TemporaryFailure),
        (404, 10003, DiscordRefusal),
        (400, 50035, DiscordRefusal),
        (413, 0, DiscordRefusal),
    ],
)
def test_a_refusal_says_what_to_do(status: int, code: int, error: type[DeskbridgeError]) -> None:
    made = refusal("POST /x", status, {"code": code, "message": "no"}, "77")

    assert type(made) is error


@pytest.mark.parametrize(
    ("status", "code", "word"),
    [
        (404, 10003, "thread_gone"),
        (404, 10008, "line_gone"),
        (403, 50007, "user_gone"),
        (404, 10013, "user_gone"),
        (413, 0, "too_large"),
        (400, 40005, "too_large"),
        (400, 1, "rejected"),
    ],
)
def test_a_refusal_has_a_word_for_people(status: int, code: int, word: str) -> None:
    made = refusal("POST /x", status, {"code": code}, "")

    assert isinstance(made, DeliveryRejected)
    assert made.code == word


def test_a_permission_that_is_missing_is_named_with_its_place() -> None:
    assert "<#77>" in str(refusal("POST /x", 403, {"code": 50013}, "77"))


@pytest.fixture
async def discord() -> AsyncIterator[DiscordSimulator]:
    async with DiscordSimulator.running() as discord:
        yield discord


async def failing(discord: DiscordSimulator, to: Route, fault: Fault) -> DeskbridgeError:
    app = discord.application()
    guild = discord.guild("Acme")
    discord.invite(app, guild)
    discord.faults.clear()
    discord.fault(fault)
    async with DiscordClient(app.token, discord.api_url) as client:
        with pytest.raises(DeskbridgeError) as failed:
            await client.call(to, {"name": "x", "type": 0} if to.method == "POST" else None)
    return failed.value


@pytest.mark.parametrize(
    "fault",
    [
        Fault(route="*", kind="drop", times=None),  # a read is asked for twice by itself
        Fault(route="*", kind="status", status=502),
        Fault(route="*", kind="error", status=500),
    ],
    ids=["no answer", "a page of a proxy", "an error of Discord's own"],
)
async def test_what_is_unclear_is_a_doubt_only_where_twice_is_too_often(
    discord: DiscordSimulator, fault: Fault
) -> None:
    read = await failing(discord, ME, fault)
    made = await failing(discord, CREATE, fault)

    assert (type(read), type(made)) == (TemporaryFailure, OutcomeUnknown)


async def test_a_wall_before_discord_is_no_answer_of_discords(discord: DiscordSimulator) -> None:
    failed = await failing(discord, ME, Fault(route="*", kind="cloudflare"))

    assert isinstance(failed, TemporaryFailure)
    assert failed.retry_after


async def test_what_cannot_be_reached_can_be_tried_again(discord: DiscordSimulator) -> None:
    async with DiscordClient("token", "http://127.0.0.1:1/api") as client:
        with pytest.raises(TemporaryFailure):
            await client.call(CREATE, {"name": "x"})


async def test_who_we_are_comes_with_what_the_application_may(discord: DiscordSimulator) -> None:
    app = discord.application()

    async with DiscordClient(app.token, discord.api_url) as client:
        me = await client.who_am_i()

    assert (me.user, me.application) == (app.bot_id, app.id)
    assert me.flags


async def test_a_token_that_is_worth_nothing_is_told(discord: DiscordSimulator) -> None:
    async with DiscordClient("nonsense", discord.api_url) as client:
        with pytest.raises(CredentialsRejected):
            await client.who_am_i()
