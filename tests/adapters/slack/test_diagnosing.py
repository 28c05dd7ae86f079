"""`doctor` looks at a Slack app from outside and says, for each slip, the exact way out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bridge.adapters.workspaces.slack.setup.diagnosing import Diagnosis
from bridge.adapters.workspaces.slack.setup.manifest import manifest
from bridge.commands.registry import declared
from bridge.domain.ids import RoomRef
from bridge.ports.clock import SystemClock
from bridge.ports.connecting import AppWish
from bridge.ports.plugin import Check
from bridge.simulators.slack import App, Channel, SlackSimulator
from tests.adapters.slack.rig import serve, settings_for


@asynccontextmanager
async def installed() -> AsyncIterator[tuple[SlackSimulator, App]]:
    async with SlackSimulator.running() as slack:
        yield slack, slack.install(manifest(declared(), AppWish()))


async def looked_at(
    slack: SlackSimulator, app: App, *rooms: Channel, **settings: str | float
) -> dict[str, Check]:
    refs = tuple(RoomRef(room.id) for room in rooms)
    diagnosis = Diagnosis(settings_for(slack, app, **settings), SystemClock())
    found = (*await diagnosis.checks(), *await diagnosis.of_rooms(refs, refs))
    return {check.name: check for check in found}


async def test_an_app_of_our_manifest_is_well() -> None:
    async with installed() as (slack, app):
        ana = slack.hire("Ana")
        room = slack.channel("support", ana, app, kind="private")

        found = await looked_at(slack, app, room)

        assert all(check.ok and not check.warning for check in found.values()), found
        assert set(found) == {"token", "scopes", "socket", "room #support"}


async def test_nothing_is_changed_by_looking() -> None:
    async with installed() as (slack, app):
        before = len(slack.ledger.entries)

        await looked_at(slack, app)

        assert len(slack.ledger.entries) == before


async def test_a_revoked_token_is_said_with_the_way_out() -> None:
    async with installed() as (slack, app):
        slack.revoke(app)

        found = await looked_at(slack, app)

        assert list(found) == ["token"]
        assert not found["token"].ok
        assert "deskbridge connect slack" in found["token"].fix


async def test_a_scope_that_was_taken_away_is_named() -> None:
    async with installed() as (slack, app):
        slack.take_scope(app, "reactions:write")

        found = await looked_at(slack, app)

        assert not found["scopes"].ok
        assert "reactions:write" in found["scopes"].detail
        assert "reinstall" in found["scopes"].fix


async def test_a_wrong_app_token_is_said() -> None:
    async with installed() as (slack, app):
        found = await looked_at(slack, app, app_token="xapp-1-A0-nobody")

        assert not found["socket"].ok
        assert "connections:write" in found["socket"].fix


async def test_by_http_no_socket_is_asked_for() -> None:
    async with installed() as (slack, app):
        found = await looked_at(slack, app, mode="http")

        assert found["signing_secret"].ok
        assert "socket" not in found


@pytest.mark.parametrize(("allowed", "is_well"), [(0, False), (1, True)])
async def test_a_room_shared_with_others_is_said_unless_it_is_allowed(
    allowed: int, is_well: bool
) -> None:
    async with installed() as (slack, app):
        room = slack.channel("support", slack.hire("Ana"), app, kind="private")
        slack.share(room)

        found = await looked_at(slack, app, room, shared_channels=allowed)

        assert found["room #support"].ok is is_well


async def test_a_room_that_the_app_is_not_in_is_said() -> None:
    async with installed() as (slack, app):
        room = slack.channel("support", slack.hire("Ana"))

        found = await looked_at(slack, app, room)

        assert not found["room #support"].ok
        assert "invite" in found["room #support"].fix


async def test_that_no_room_is_bound_is_said_with_the_way_out() -> None:
    async with installed() as (slack, app):
        found = await looked_at(slack, app)

        assert found["rooms"].warning
        assert "invite the app" in found["rooms"].fix


async def test_a_room_is_looked_at_before_anything_stands_in_it(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        ana = rig.slack.hire("Anabela")
        bound = rig.slack.channel("sales", ana, rig.app, kind="private")
        await ana.archives(bound)

        [found] = [
            check
            for check in await rig.workspace.diagnose_rooms([RoomRef(bound.id)])
            if check.name == "room #sales"
        ]

        assert found.detail == "archived"


async def test_a_public_room_is_a_warning() -> None:
    async with installed() as (slack, app):
        room = slack.channel("support", slack.hire("Ana"), app)

        found = await looked_at(slack, app, room)

        assert found["room #support"].warning


async def test_an_archived_room_and_one_that_the_app_left_are_said() -> None:
    async with installed() as (slack, app):
        ana = slack.hire("Ana")
        archived = slack.channel("old", ana, app, kind="private")
        left = slack.channel("left", ana, app, kind="private")
        await ana.archives(archived)
        await ana.removes(left, app)

        found = await looked_at(slack, app, archived, left)

        bad = [check for name, check in found.items() if name.startswith("room") and not check.ok]
        assert len(bad) == 2


async def test_a_running_workspace_says_how_many_events_came(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        found = {check.name: check for check in await rig.workspace.diagnose()}

        assert found["token"].ok
        assert "in the last hour" in found["events"].detail
