"""A room is bound by whoever invites the app, and lost rooms are told."""

import dataclasses
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.adapters.workspaces.slack.blocks.actions import Pressed, read_action
from bridge.adapters.workspaces.slack.receiving.payloads import Payload
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.agent import Role
from bridge.domain.ids import Language
from bridge.simulators.slack import Channel, Ephemeral
from tests.adapters.slack.receiving_rig import Rig, receiving


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path) as started:
        yield started


async def invited(rig: Rig, room: Channel) -> Ephemeral:
    """What Ana is told after she has invited the app."""
    before = len(rig.ana.whispers())
    await rig.ana.invites(room, rig.app)
    await rig.until(lambda: len(rig.ana.whispers()) > before)
    return rig.ana.whispers()[-1]


def buttons(told: Ephemeral) -> list[Payload]:
    """The buttons of a private card."""
    blocks: list[Payload] = json.loads(json.dumps(told.blocks))
    return [each for block in blocks if block["type"] == "actions" for each in block["elements"]]


async def test_whoever_invites_the_app_is_offered_to_bind_the_room(rig: Rig) -> None:
    room = rig.slack.channel("sales", rig.ana, kind="private")

    told = await invited(rig, room)

    assert [each["text"]["text"] for each in buttons(told)] == ["Sales", "Monitor room"]
    first = buttons(told)[0]
    assert read_action(str(first["action_id"]), str(first["value"])) == Pressed(
        command="queues", arguments={"action": "bind", "details": f"sales <#{room.id}>"}
    )
    assert "confirm" not in first


async def test_a_public_room_is_warned_of_and_asks_once_more(rig: Rig) -> None:
    room = rig.slack.channel("open", rig.ana)

    told = await invited(rig, room)

    assert "public" in told.text
    assert all("confirm" in each for each in buttons(told))


async def test_a_room_that_others_share_cannot_be_bound(rig: Rig) -> None:
    room = rig.slack.share(rig.slack.channel("partners", rig.ana))

    told = await invited(rig, room)

    assert "another organisation" in told.text
    assert buttons(told) == []


async def test_a_shared_room_can_be_bound_where_that_is_wanted(tmp_path: Path) -> None:
    async with receiving(tmp_path, shared_channels=True) as rig:
        room = rig.slack.share(rig.slack.channel("partners", rig.ana))

        assert buttons(await invited(rig, room))


async def test_an_agent_who_may_not_bind_gets_no_buttons_but_the_way(rig: Rig) -> None:
    rig.desk.role = Role.AGENT

    told = await invited(rig, rig.slack.channel("sales", rig.ana, kind="private"))

    assert "/queues bind" in told.text
    assert buttons(told) == []


async def test_before_there_is_a_queue_one_is_told_how_to_make_it(rig: Rig) -> None:
    rig.desk.queues = ()

    told = await invited(rig, rig.slack.channel("sales", rig.ana, kind="private"))

    assert "/queues create support" in told.text
    assert [each["text"]["text"] for each in buttons(told)] == ["Monitor room"]


async def test_somebody_who_is_no_agent_is_sent_to_an_admin(rig: Rig) -> None:
    rig.desk.knows_nobody = True

    told = await invited(rig, rig.slack.channel("sales", rig.ana, kind="private"))

    assert "admin" in told.text
    assert buttons(told) == []


async def test_a_lost_room_is_told_until_it_is_back(rig: Rig) -> None:
    await rig.ana.removes(rig.room, rig.app)
    await rig.until(lambda: bool(rig.troubles()))
    [lost] = rig.troubles()

    await rig.ana.invites(rig.room, rig.app)
    await rig.until(lambda: not rig.troubles())

    assert rig.room.id in lost.detail
    assert "invite" in lost.fix


async def test_an_archived_room_is_told(rig: Rig) -> None:
    await rig.ana.archives(rig.room)
    await rig.until(lambda: bool(rig.troubles()))

    assert "archived" in rig.troubles()[0].detail


async def test_a_renamed_room_changes_nothing(rig: Rig) -> None:
    root = await rig.thread()
    await rig.ana.renames(rig.room, "help-desk")

    await rig.ana.says(rig.room, "hello", thread=root)
    await rig.until(lambda: rig.desk.words() == ["hello"])

    assert rig.troubles() == []


@pytest.mark.parametrize(("chosen", "read"), [("auto", "pt_BR"), ("en", "en")])
async def test_a_room_reads_the_language_of_the_desk_unless_another_is_chosen(
    rig: Rig, chosen: str, read: str
) -> None:
    context = dataclasses.replace(rig.site.context, language=Language("pt_BR"))
    settings = rig.site.settings.model_copy(update={"language": chosen})

    assert Site(settings, context).language == read
