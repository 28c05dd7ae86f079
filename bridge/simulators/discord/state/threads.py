"""Threads: opening, archiving, waking up, and who is in them."""

from dataclasses import replace

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.errors import DiscordRefused
from bridge.simulators.discord.state import shapes
from bridge.simulators.discord.state.records import PRIVATE_THREAD, Channel, ThreadState
from bridge.simulators.discord.state.world import World


def open_thread(
    world: World,
    parent: Channel,
    owner_id: str,
    name: str,
    *,
    kind: int,
    thread_id: str | None = None,
    auto_archive: int | None = None,
    applied_tags: tuple[str, ...] = (),
    invitable: bool = True,
) -> Channel:
    """A new thread with its owner in it. Raises 160006 when the guild has too many."""
    if len(world.threads.get(parent.guild_id or "", ())) >= world.quirks.max_active_threads:
        raise DiscordRefused(160006)
    now = world.now()
    state = ThreadState(
        owner_id=owner_id,
        created_at=now,
        archive_at=now,
        active_at=now,
        auto_archive=auto_archive or parent.default_auto_archive or 4_320,
        applied_tags=applied_tags,
        invitable=invitable,
        members=(owner_id,),
    )
    thread = Channel(
        id=thread_id or world.mint.snowflake(),
        guild_id=parent.guild_id,
        parent_id=parent.id,
        type=kind,
        name=name,
        thread=state,
    )
    world.put_channel(thread)
    _tell(world, "THREAD_CREATE", thread, newly_created=True)
    return thread


def _tell(world: World, event: str, thread: Channel, **more: bool) -> None:
    data: JsonObject = {**shapes.channel(world, thread), **more}
    world.tell(event, data, guild=thread.guild_id, channel=thread.id)


def changed(world: World, thread: Channel) -> Channel:
    """Keep a thread and tell that it changed."""
    world.put_channel(thread)
    _tell(world, "THREAD_UPDATE", thread)
    return thread


def archive(world: World, thread: Channel) -> Channel:
    """Put a thread away."""
    state = replace(thread.own_thread, archived=True, archive_at=world.now())
    return changed(world, replace(thread, thread=state))


def archive_silent(world: World) -> None:
    """Put away what has been silent for too long."""
    for thread in world.looks_for_silence():
        archive(world, thread)


def wake(world: World, thread: Channel) -> Channel:
    """Take an archived thread out again. Raises 160006 when there is no room."""
    state = thread.own_thread
    if not state.archived:
        return thread
    if len(world.threads.get(thread.guild_id or "", ())) >= world.quirks.max_active_threads:
        raise DiscordRefused(160006)
    now = world.now()
    state = replace(state, archived=False, archive_at=now, active_at=now)
    return changed(world, replace(thread, thread=state))


def check_speaking(world: World, thread: Channel, user_id: str) -> Channel:
    """A message wakes an archived thread, unless it is locked. Raises 160005."""
    state = thread.own_thread
    is_keeper = bool(world.rights(user_id, thread) & bits.MANAGE_THREADS)
    if state.locked and not is_keeper:
        raise DiscordRefused(160005)
    return wake(world, thread)


def check_open(channel: Channel) -> None:
    """Nothing else touches an archived thread. Raises 50083."""
    if channel.thread is not None and channel.thread.archived:
        raise DiscordRefused(50083)


def join(world: World, thread: Channel, user_id: str) -> Channel:
    """Put somebody into a thread; nothing happens to who is there. Raises 30033."""
    state = thread.own_thread
    if user_id in state.members:
        return thread
    if len(state.members) >= world.quirks.max_thread_members:
        raise DiscordRefused(30033)
    thread = replace(thread, thread=replace(state, members=(*state.members, user_id)))
    world.put_channel(thread)
    app = world.app_with_bot(user_id)
    if thread.type == PRIVATE_THREAD and app is not None:
        data = shapes.channel(world, thread, seen_by=user_id)
        world.tell("THREAD_CREATE", data, guild=thread.guild_id, channel=thread.id, only=app.id)
    _tell_members(world, thread, added=user_id)
    return thread


def leave(world: World, thread: Channel, user_id: str) -> Channel:
    """Take somebody out of a thread."""
    state = thread.own_thread
    if user_id not in state.members:
        return thread
    members = tuple(one for one in state.members if one != user_id)
    thread = replace(thread, thread=replace(state, members=members))
    world.put_channel(thread)
    _tell_members(world, thread, removed=user_id)
    return thread


def _tell_members(
    world: World, thread: Channel, *, added: str | None = None, removed: str | None = None
) -> None:
    data: JsonObject = {
        "id": thread.id,
        "guild_id": thread.guild_id,
        "member_count": len(thread.own_thread.members),
    }
    if added is not None:
        member = world.members.get(thread.guild_id or "", {}).get(added)
        shown = {"member": shapes.member(world, member), "presence": None} if member else {}
        data["added_members"] = [{**shapes.thread_member(thread, added), **shown}]
    if removed is not None:
        data["removed_member_ids"] = [removed]
    world.tell(
        "THREAD_MEMBERS_UPDATE",
        data,
        guild=thread.guild_id,
        channel=thread.id,
        about=added or removed,
    )
