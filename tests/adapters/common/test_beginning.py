"""A workspace begins at once or later; what stood in its way is told by its kind, and once."""

import asyncio

import pytest

from bridge.adapters.common.beginning import Beginning
from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    DeskbridgeError,
    InvalidSettings,
    StorageUnavailable,
    TemporaryFailure,
    TokenRejected,
)
from bridge.domain.ids import WorkspaceId
from tests.adapters.hurry import HURRIED
from tests.captured import captured_log
from tests.patience import until


class Platform:
    """Fails in these ways, one after the other; then it is there. Hears what the desk is told."""

    def __init__(self, *failures: DeskbridgeError) -> None:
        self.failures = list(failures)
        self.told: list[str] = []
        self.tries = 0
        self.begun = False

    async def attempt(self) -> None:
        self.tries += 1
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.begun = True

    def refused(self, said: str) -> None:
        self.told.append(said)

    def taken(self) -> None:
        self.told.append("taken")


def beginning_at(platform: Platform) -> Beginning:
    beginning = Beginning(WorkspaceId("slack"), HURRIED)
    beginning.access = platform
    return beginning


async def test_where_all_is_well_nothing_is_told() -> None:
    platform = Platform()

    with captured_log() as log:
        await beginning_at(platform).begin(platform.attempt)

    assert (platform.begun, platform.told, log.getvalue()) == (True, [], "")


async def test_whatever_fails_is_tried_again_and_each_is_told_as_what_it_is() -> None:
    platform = Platform(
        TemporaryFailure("no network"),
        TokenRejected("not taken"),
        TemporaryFailure("no network again"),
        CredentialsRejected("too little"),
        DeliveryRejected("what is this?"),
        StorageUnavailable("locked"),
    )

    with captured_log() as log:
        await beginning_at(platform).begin(platform.attempt)
        at_once = platform.begun
        await until(lambda: platform.told[-1:] == ["taken"])

    assert (at_once, platform.begun, platform.tries) == (False, True, 7)
    assert platform.told == ["not taken", "too little", "what is this?", "taken"]
    said = log.getvalue()
    assert (said.count("platform_not_reached"), said.count("platform_reached")) == (3, 1)


async def test_who_was_only_refused_was_reached_all_the_time() -> None:
    platform = Platform(TokenRejected("not taken"))

    with captured_log() as log:
        await beginning_at(platform).begin(platform.attempt)
        await until(lambda: platform.told == ["not taken", "taken"])

    assert log.getvalue() == ""


async def test_it_is_not_tried_sooner_than_the_platform_asked_for() -> None:
    platform = Platform(TemporaryFailure("too many", retry_after=3_600), TokenRejected("never"))
    other = Platform(*(TemporaryFailure("down") for _ in range(5)))
    first, second = beginning_at(platform), beginning_at(other)
    await first.begin(platform.attempt)
    await second.begin(other.attempt)

    await until(lambda: other.begun)

    assert platform.tries == 1
    await first.stop()


async def test_a_stop_ends_it() -> None:
    platform = Platform(*(TokenRejected("not taken") for _ in range(1_000)))
    beginning = beginning_at(platform)
    await beginning.begin(platform.attempt)
    await until(lambda: platform.tries > 1)

    await beginning.stop()

    tries = platform.tries
    other = Platform(*(TokenRejected("not taken") for _ in range(3)))
    await beginning_at(other).begin(other.attempt)
    await until(lambda: other.begun)
    assert (platform.tries, platform.begun) == (tries, False)


async def test_a_stop_before_all_is_nothing() -> None:
    await beginning_at(Platform()).stop()


async def test_what_only_the_operator_can_repair_ends_the_start() -> None:
    platform = Platform(InvalidSettings("no such thing"))

    with pytest.raises(InvalidSettings):
        await beginning_at(platform).begin(platform.attempt)
