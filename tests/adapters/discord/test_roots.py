"""Threads in a simulated Discord: opened once, drawn in place, put away at the end."""

from collections.abc import AsyncIterator
from dataclasses import replace as changed
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.adapters.workspaces.discord.setup.permissions import ALL
from bridge.adapters.workspaces.discord.tag_names import every_tag
from bridge.domain.binding import Purpose
from bridge.domain.conversation import Priority, State
from bridge.domain.errors import CredentialsRejected, OutcomeUnknown, TemporaryFailure
from bridge.domain.ids import Instant, RoomRef, ThreadRef
from bridge.simulators.discord import Fault
from bridge.simulators.discord import permissions as bits
from tests.adapters.discord.rig import DiscordRig, as_read, serve, shown, texts
from tests.contract.workspace_contract import CARD, binding, call

ENDED = replace(CARD, state=State.ENDED)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DiscordRig]:
    async with serve(tmp_path) as rig:
        rig.discord.allow(rig.app, rig.guild, ALL | bits.MANAGE_CHANNELS)
        yield rig


async def opened(rig: DiscordRig, room: RoomRef, purpose: Purpose = Purpose.WORK) -> ThreadRef:
    return await rig.workspace.open_thread(binding(purpose), room, CARD, ())


def tags(rig: DiscordRig, thread: ThreadRef) -> list[str]:
    """The names of a post's tags."""
    forum = rig.discord.world.channel(rig.forum.id)
    names = {tag.id: tag.name for tag in forum.tags}
    return [names[each] for each in rig.thread(thread).own_thread.applied_tags]


# --- forums ---------------------------------------------------------------------------------


async def test_a_post_bears_its_title_and_one_tag_of_each_group(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.forum_ref)

    assert rig.thread(thread).name == "Maria · Web chat · #7"
    assert tags(rig, thread) == ["Waiting", "Normal"]


async def test_a_forum_that_lacks_tags_gets_them_where_the_bot_may(rig: DiscordRig) -> None:
    await opened(rig, rig.forum_ref)

    forum = rig.discord.world.channel(rig.forum.id)
    assert {tag.name for tag in forum.tags} == set(every_tag("en"))
    assert all(tag.moderated and tag.emoji_name for tag in forum.tags)


async def test_tags_follow_the_card_and_those_of_people_stay(rig: DiscordRig) -> None:
    forum = rig.discord.forum(rig.guild, "vips", "vip", *every_tag("en"))
    thread = await opened(rig, RoomRef(forum.id))
    names = {tag.id: tag.name for tag in forum.tags}
    vip = next(id_ for id_, name in names.items() if name == "vip")
    post = rig.thread(thread)
    tagged = changed(post.own_thread, applied_tags=(*post.own_thread.applied_tags, vip))
    rig.discord.world.put_channel(changed(post, thread=tagged))

    card = replace(CARD, state=State.ASSIGNED, priority=Priority.URGENT)
    await rig.workspace.redraw(thread, card)

    shown_tags = [names[each] for each in rig.thread(thread).own_thread.applied_tags]
    assert shown_tags == ["With a person", "Urgent", "vip"]


async def test_a_forum_without_tags_works_and_somebody_is_told_once(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        first, second = [await opened(rig, rig.forum_ref) for _ in range(2)]

        assert tags(rig, first) == tags(rig, second) == []
        told = [each for each in await rig.workspace.diagnose() if each.name.startswith("tags of")]
        assert len(told) == 1


async def test_a_title_never_changes(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.forum_ref)

    await rig.workspace.redraw(thread, replace(CARD, customer="Somebody else", agent="Ana"))
    await rig.workspace.close_thread(thread, ENDED, False)

    assert rig.thread(thread).name == "Maria · Web chat · #7"
    patches = rig.calls("PATCH /channels/{channel_id}")
    assert not [each for each in patches if "name" in each]


async def test_a_card_that_did_not_change_is_not_drawn(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.forum_ref)

    await rig.workspace.redraw(thread, CARD)

    assert rig.calls("PATCH /channels/{channel_id}/messages/{message_id}") == []


async def test_a_closed_thread_is_archived_with_its_last_card(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.forum_ref)

    await rig.workspace.close_thread(thread, ENDED, False)

    state = rig.thread(thread).own_thread
    assert (state.archived, state.locked) == (True, False)
    assert tags(rig, thread) == ["Ended", "Normal"]
    assert "🟤" in "\n".join(texts(rig.card(thread).components))


async def test_a_waiting_post_that_is_over_is_gone(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.forum_ref, Purpose.WAITING)

    for _ in range(2):
        await rig.workspace.close_thread(thread, ENDED, True)

    assert rig.discord.threads(rig.forum) == []


async def test_a_thread_that_sleeps_is_woken_to_be_drawn(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.forum_ref)
    await rig.discord.person("olga", rig.guild).archives(thread)

    await rig.workspace.redraw(thread, replace(CARD, agent="Ana"))

    assert "Ana" in "\n".join(texts(rig.card(thread).components))
    assert not rig.thread(thread).own_thread.archived


async def test_a_thread_that_is_archived_and_locked_still_takes_lines_and_marks(
    rig: DiscordRig,
) -> None:
    thread = await opened(rig, rig.forum_ref)
    line = await rig.workspace.post(thread, call(text="before"))
    assert line is not None
    olga = rig.discord.person("olga", rig.guild)
    await olga.archives(thread, locked=True)

    await rig.workspace.post(thread, call(text="after"))

    assert [shown(each) for each in rig.lines(thread)] == ["before", "after"]


# --- text channels --------------------------------------------------------------------------


async def test_a_waiting_card_in_a_text_channel_needs_no_thread(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.text_ref, Purpose.WAITING)

    assert rig.discord.threads(rig.text) == []
    assert "Maria" in as_read("\n".join(texts(rig.card(thread).components)))


async def test_a_card_that_is_taken_gets_its_thread(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.text_ref, Purpose.WAITING)

    await rig.workspace.convert_thread(thread)

    assert [each.id for each in rig.discord.threads(rig.text)] == [thread]
    assert rig.thread(thread).name == "Maria · Web chat · #7"


async def test_a_monitor_card_gets_its_thread_with_the_first_line(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.text_ref, Purpose.MONITOR)

    await rig.workspace.post(thread, call(text="watched"))

    assert [shown(each) for each in rig.lines(thread)] == ["watched"]


async def test_a_waiting_card_in_a_text_channel_that_is_over_is_gone(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.text_ref, Purpose.WAITING)

    await rig.workspace.close_thread(thread, ENDED, True)

    assert [one for one in rig.discord.messages(rig.text) if one.components] == []


async def test_a_private_thread_that_is_over_is_closed_for_good(rig: DiscordRig) -> None:
    ana = rig.user(rig.ana)
    thread = await rig.workspace.open_thread(binding(), rig.text_ref, CARD, (ana,))

    await rig.workspace.close_thread(thread, ENDED, True)

    state = rig.thread(thread).own_thread
    assert (state.archived, state.locked, ana in state.members) == (True, True, False)


# --- in doubt -------------------------------------------------------------------------------


@pytest.mark.parametrize("private", [False, True])
async def test_a_thread_whose_answer_was_lost_is_found_again(
    rig: DiscordRig, private: bool
) -> None:
    room = rig.text_ref if private else rig.forum_ref
    members = (rig.user(rig.ana),) if private else ()
    rig.discord.fault(
        Fault(route="POST /channels/{channel_id}/threads", kind="drop", accepted=True)
    )
    key = binding()

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.open_thread(key, room, CARD, members)
    doubtful = replace(key, doubtful=rig.workspace.site.clock.now())
    thread = await rig.workspace.open_thread(doubtful, room, CARD, members)

    assert [each.id for each in rig.discord.threads(room)] == [thread]


@pytest.mark.parametrize("since", [0, 10 * 60_000])
async def test_a_card_whose_answer_was_lost_is_one_card(rig: DiscordRig, since: int) -> None:
    rig.discord.fault(
        Fault(route="POST /channels/{channel_id}/messages", kind="drop", accepted=True)
    )
    key = binding(Purpose.WAITING)
    card = replace(CARD, number=key.number)

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.open_thread(key, rig.text_ref, card, ())
    doubtful = replace(key, doubtful=Instant(rig.workspace.site.clock.now() - since))
    thread = await rig.workspace.open_thread(doubtful, rig.text_ref, card, ())

    assert [one.id for one in rig.discord.messages(rig.text) if one.components] == [thread]


# --- what people do -------------------------------------------------------------------------


async def test_a_thread_that_people_deleted_is_closed_without_a_word(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.forum_ref)
    rig.discord.delete(rig.thread(thread))

    await rig.workspace.close_thread(thread, ENDED, False)

    assert rig.workspace.site.threads.open_ones() == ()


async def test_what_is_for_a_forum_that_is_gone_waits_and_somebody_is_told_once(
    rig: DiscordRig,
) -> None:
    rig.discord.delete(rig.forum)

    for _ in range(3):
        with pytest.raises(CredentialsRejected, match="was deleted"):
            await opened(rig, rig.forum_ref)

    told = [each.name for each in rig.workspace.site.standing.checks()]
    assert told == [f"room {rig.forum.id}"]


async def test_a_permission_that_is_missing_is_named_and_comes_back(rig: DiscordRig) -> None:
    await opened(rig, rig.forum_ref)
    rig.discord.allow(rig.app, rig.guild, ALL)
    everyone = next(r for r in rig.discord.world.roles_of(rig.guild.id) if r.id == rig.guild.id)
    rig.discord.world.roles[everyone.id] = changed(everyone, permissions=0)
    rig.discord.allow(rig.app, rig.guild, bits.VIEW)

    with pytest.raises(CredentialsRejected, match="lacks a permission"):
        await opened(rig, rig.forum_ref)
    told = [each.name for each in rig.workspace.site.standing.checks()]
    rig.discord.allow(rig.app, rig.guild, ALL)

    assert await opened(rig, rig.forum_ref)
    assert told == [f"room {rig.forum.id}"]
    assert rig.workspace.site.standing.checks() == ()


async def test_a_bot_that_was_thrown_out_goes_on_when_it_is_back(rig: DiscordRig) -> None:
    thread = await opened(rig, rig.forum_ref)
    rig.discord.kick(rig.app, rig.guild)

    with pytest.raises(CredentialsRejected):
        await rig.workspace.post(thread, call(text="hello"))
    rig.discord.invite(rig.app, rig.guild)
    await rig.workspace.post(thread, call(text="hello"))

    assert [shown(each) for each in rig.lines(thread)] == ["hello"]


# --- the budget of threads ------------------------------------------------------------------


async def test_what_has_no_room_waits_and_somebody_is_told_before(tmp_path: Path) -> None:
    async with serve(tmp_path, active_threads=10) as rig:
        first = [await opened(rig, rig.forum_ref) for _ in range(9)]
        warned = {each.name: each.ok for each in rig.workspace.site.standing.checks()}
        await opened(rig, rig.forum_ref)

        with pytest.raises(TemporaryFailure) as refused:
            await opened(rig, rig.forum_ref)

        full = {each.name: each.ok for each in rig.workspace.site.standing.checks()}
        assert refused.value.retry_after
        await rig.workspace.close_thread(first[0], ENDED, False)
        assert await opened(rig, rig.forum_ref)
        assert (warned["threads"], full["threads"]) == (True, False)
