"""Rooms are looked at once for everybody who wants to know."""

import asyncio
from pathlib import Path

from bridge.simulators.discord import Fault
from tests.adapters.discord.rig import serve

LOOK = "GET /channels/{channel_id}"


async def test_two_hundred_who_want_to_know_a_room_are_one_call(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        rooms = rig.workspace.site.rooms
        rooms.forget(rig.forum_ref)
        before = [route for route, _ in rig.discord.rest.calls].count(LOOK)

        found = await asyncio.gather(*(rooms.of(rig.forum_ref) for _ in range(200)))

        assert {room.id for room in found} == {rig.forum.id}
        assert [route for route, _ in rig.discord.rest.calls].count(LOOK) - before == 1


async def test_a_look_that_failed_is_not_the_answer_for_those_who_wait(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        rooms = rig.workspace.site.rooms
        rooms.forget(rig.forum_ref)
        rig.discord.fault(Fault(route=LOOK, kind="status", status=500))

        first, *others = await asyncio.gather(
            *(rooms.of(rig.forum_ref) for _ in range(3)), return_exceptions=True
        )

        assert isinstance(first, Exception)
        assert [getattr(room, "id", room) for room in others] == [rig.forum.id] * 2
