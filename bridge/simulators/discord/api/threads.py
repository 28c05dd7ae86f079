"""Threads over REST: opening, posts of forums, changing, members, lists."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.simulators.common.wire import Json, JsonObject, arr, obj, txt
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.api.bodies import check_not_empty, check_sizes, read_draft
from bridge.simulators.discord.api.method import NOTHING, Call, Operation, Reply
from bridge.simulators.discord.errors import DiscordRefused, Form
from bridge.simulators.discord.state import message_shapes, posting, shapes, threads
from bridge.simulators.discord.state.mentions import Allowed
from bridge.simulators.discord.state.records import (
    FORUM,
    HAS_THREAD,
    NEWS,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    RECIPIENT_ADD,
    RECIPIENT_REMOVE,
    RENAMED,
    REQUIRE_TAG,
    TEXT,
    THREAD_CREATED,
    THREAD_STARTER,
    Channel,
    ThreadState,
)
from bridge.simulators.discord.state.world import ids

ARCHIVES = (60, 1_440, 4_320, 10_080)


def check_title(call: Call) -> None:
    """Raises 50035 for a title or a time that does not do."""
    form, body = Form(), call.fields
    form.required("name", body.get("name"))
    form.length("name", body.get("name"), 1, 100)
    form.one_of("auto_archive_duration", body.get("auto_archive_duration"), ARCHIVES)
    form.length("applied_tags", list(arr(body.get("applied_tags"))), 0, 5)
    form.check()


def read_tags(call: Call, forum: Channel, *, is_keeper: bool) -> tuple[str, ...]:
    """The tags of a post. Raises 50035 for unknown ones, 50013 for moderated ones, 40067."""
    named = ids(list(arr(call.fields.get("applied_tags"))))
    known = {one.id: one for one in forum.tags}
    form = Form()
    for n, one in enumerate(named):
        if one not in known:
            form.wrong(f"applied_tags.{n}", "FORUM_TAG_INVALID", "Unknown tag")
    form.check()
    if any(known[one].moderated for one in named) and not is_keeper:
        raise DiscordRefused(50013)
    if forum.flags & REQUIRE_TAG and not named:
        raise DiscordRefused(40067)
    return named


def _open(call: Call) -> Reply:
    parent = call.channel()
    check_title(call)
    call.limit("threads", parent.id)
    if parent.type == FORUM:
        return _post_in_forum(call, parent)
    if parent.type not in (TEXT, NEWS):
        raise DiscordRefused(50024)
    kind = call.fields.get("type", PRIVATE_THREAD)
    private = kind == PRIVATE_THREAD
    call.need(parent, bits.CREATE_PRIVATE_THREADS if private else bits.CREATE_PUBLIC_THREADS)
    thread = _opened(call, parent, kind=PRIVATE_THREAD if private else PUBLIC_THREAD)
    if not private:
        reference: JsonObject = {"channel_id": thread.id, "guild_id": thread.guild_id}
        _line(call, parent, THREAD_CREATED, thread.name, reference=reference)
    return _thread_reply(call, thread)


def _opened(
    call: Call,
    parent: Channel,
    *,
    kind: int,
    thread_id: str | None = None,
    tags: tuple[str, ...] = (),
) -> Channel:
    minutes = call.fields.get("auto_archive_duration")
    return threads.open_thread(
        call.world,
        parent,
        call.app.bot_id,
        call.text("name"),
        kind=kind,
        thread_id=thread_id,
        auto_archive=minutes if isinstance(minutes, int) else None,
        applied_tags=tags,
        invitable=call.fields.get("invitable") is not False,
    )


def _line(call: Call, place: Channel, kind: int, content: str = "", **more: Json) -> None:
    posting.notice(call.world, place, call.app.bot_id, kind, content, **more)


def _thread_reply(call: Call, thread: Channel, message: JsonObject | None = None) -> Reply:
    current = call.world.channel(thread.id)
    body = shapes.channel(call.world, current, seen_by=call.app.bot_id)
    if message is not None:
        body["message"] = message
    return Reply(status=201, body=body, said={"id": thread.id})


def _post_in_forum(call: Call, forum: Channel) -> Reply:
    """A thread and its first message, both with one id."""
    call.need(forum, bits.SEND)
    check_sizes(call.world.guilds.get(forum.guild_id or ""), call.files)
    body = obj(call.fields.get("message"))
    draft = check_not_empty(read_draft(call.world, body, call.files, Allowed()))
    tags = read_tags(call, forum, is_keeper=call.may(forum, bits.MANAGE_THREADS))
    thread = _opened(call, forum, kind=PUBLIC_THREAD, tags=tags)
    message = posting.post(call.world, thread, call.app.bot_id, draft, message_id=thread.id)
    call.world.put_channel(replace(forum, last_message_id=thread.id))
    return _thread_reply(call, thread, message_shapes.message(call.world, message))


def _open_under(call: Call) -> Reply:
    """A thread under a message, with the message's id. Raises 160004."""
    message = call.message(bits.CREATE_PUBLIC_THREADS)
    parent = call.world.channel(message.channel_id)
    check_title(call)
    if parent.type not in (TEXT, NEWS):
        raise DiscordRefused(50024)
    if message.id in call.world.channels:
        raise DiscordRefused(160004)
    call.limit("threads", parent.id)
    thread = _opened(call, parent, kind=PUBLIC_THREAD, thread_id=message.id)
    marked = replace(message, flags=message.flags | HAS_THREAD)
    posting.change(call.world, message, marked, is_edit=False)
    reference: JsonObject = {"channel_id": parent.id, "message_id": message.id}
    _line(call, thread, THREAD_STARTER, reference=reference)
    return _thread_reply(call, thread)


def change_thread(call: Call, thread: Channel) -> Reply:
    """Name, tags, archiving, locking. Raises 50083 while it is archived, unless that ends."""
    body, world, state = call.fields, call.world, thread.own_thread
    is_keeper = call.may(thread, bits.MANAGE_THREADS)
    _check_change(call, thread, is_keeper=is_keeper)
    name = body.get("name", thread.name)
    if name != thread.name:
        call.limit("rename", thread.id)
    if "applied_tags" in body and thread.parent_id in world.channels:
        forum = world.channels[thread.parent_id]
        state = replace(state, applied_tags=read_tags(call, forum, is_keeper=is_keeper))
    wakes = state.archived and body.get("archived") is False
    if wakes:
        thread = threads.wake(world, thread)
        state = replace(thread.own_thread, applied_tags=state.applied_tags)
    state = _with(call, state)
    slowmode, flags = body.get("rate_limit_per_user"), body.get("flags")
    changed = replace(
        thread,
        name=txt(name),
        slowmode=slowmode if isinstance(slowmode, int) else thread.slowmode,
        flags=flags if isinstance(flags, int) else thread.flags,
        thread=state,
    )
    if changed != thread:
        threads.changed(world, changed)
    if name != thread.name and not state.archived:
        _line(call, changed, RENAMED, txt(name))
    current = world.channel(thread.id)
    return Reply(
        body=shapes.channel(world, current, seen_by=call.app.bot_id), said={"id": thread.id}
    )


def _check_change(call: Call, thread: Channel, *, is_keeper: bool) -> None:
    body, state = call.fields, thread.own_thread
    form = Form()
    form.length("name", body.get("name"), 1, 100)
    form.one_of("auto_archive_duration", body.get("auto_archive_duration"), ARCHIVES)
    form.length("applied_tags", list(arr(body.get("applied_tags"))), 0, 5)
    form.check()
    if not is_keeper:
        reopens_only = set(body) <= {"archived"} and body.get("archived") is False
        keepers = {"locked", "rate_limit_per_user", "flags"} & set(body)
        mine = state.owner_id == call.app.bot_id
        if keepers or state.locked or not (mine or reopens_only):
            raise DiscordRefused(50013)
    touches = set(body) - {"archived", "locked"}
    if state.archived and body.get("archived") is not False and (touches or not is_keeper):
        raise DiscordRefused(50083)


def _with(call: Call, state: ThreadState) -> ThreadState:
    body = call.fields
    archived = bool(body.get("archived", state.archived))
    minutes = body.get("auto_archive_duration", state.auto_archive)
    return replace(
        state,
        archived=archived,
        archive_at=call.world.now() if archived != state.archived else state.archive_at,
        locked=bool(body.get("locked", state.locked)),
        invitable=bool(body.get("invitable", state.invitable)),
        auto_archive=minutes if isinstance(minutes, int) else state.auto_archive,
    )


# ---------------------------------------------------------------- members


def _thread(call: Call) -> Channel:
    channel = call.channel()
    if not channel.is_thread:
        raise DiscordRefused(50024)
    return channel


def _join(call: Call) -> Reply:
    thread, user_id = _thread(call), call.user_id()
    threads.check_open(thread)
    call.world.member(thread.guild_id or "", user_id)
    parent = call.world.channels.get(thread.parent_id or "", thread)
    if not call.world.sees(user_id, parent):
        raise DiscordRefused(50001)
    if user_id != call.app.bot_id:
        call.need(thread, bits.SEND_IN_THREADS)
    is_new = user_id not in thread.own_thread.members
    threads.join(call.world, thread, user_id)
    if is_new and user_id != call.app.bot_id:
        _line(call, thread, RECIPIENT_ADD, whom=user_id)
    return NOTHING


def _leave(call: Call) -> Reply:
    thread, user_id = _thread(call), call.user_id()
    threads.check_open(thread)
    is_owner = thread.type == PRIVATE_THREAD and thread.own_thread.owner_id == call.app.bot_id
    if user_id != call.app.bot_id and not is_owner:
        call.need(thread, bits.MANAGE_THREADS)
    was_in = user_id in thread.own_thread.members
    threads.leave(call.world, thread, user_id)
    if was_in and user_id != call.app.bot_id:
        _line(call, thread, RECIPIENT_REMOVE, whom=user_id)
    return NOTHING


def _members(call: Call) -> Reply:
    thread = _thread(call)
    members: Sequence[str] = thread.own_thread.members
    return Reply(body=[shapes.thread_member(thread, one) for one in members])


def _member(call: Call) -> Reply:
    thread, user_id = _thread(call), call.user_id()
    if user_id not in thread.own_thread.members:
        raise DiscordRefused(10007)
    return Reply(body=shapes.thread_member(thread, user_id))


# ---------------------------------------------------------------- lists


def _listed(call: Call, found: list[Channel], **more: bool) -> Reply:
    bot = call.app.bot_id
    mine = [one for one in found if bot in one.own_thread.members]
    body: JsonObject = {
        "threads": [shapes.channel(call.world, one, seen_by=bot) for one in found],
        "members": [shapes.thread_member(one, bot) for one in mine],
        **more,
    }
    return Reply(body=body)


def _active(call: Call) -> Reply:
    found = call.world.active_threads(call.guild_id())
    return _listed(call, [one for one in found if call.world.sees(call.app.bot_id, one)])


def _archived(call: Call, kind: int, *, mine: bool = False) -> Reply:
    """A page of put-away threads, the last archived first."""
    parent = call.channel(bits.READ_HISTORY)
    found = [
        one
        for one in call.world.channels.values()
        if one.thread is not None
        and one.parent_id == parent.id
        and one.thread.archived
        and one.type == kind
        and (not mine or call.app.bot_id in one.thread.members)
    ]
    found.sort(key=lambda one: (one.own_thread.archive_at, int(one.id)), reverse=True)
    before = call.query.get("before")
    if before is not None:
        found = [one for one in found if shapes.when(one.own_thread.archive_at) < before]
    limit = call.number("limit", 50, 100)
    return _listed(call, found[:limit], has_more=len(found) > limit)


def _archived_private(call: Call) -> Reply:
    call.channel(bits.MANAGE_THREADS)
    return _archived(call, PRIVATE_THREAD)


_MEMBERS = "/channels/{channel_id}/thread-members"
ROUTES: Mapping[str, Operation] = {
    "POST /channels/{channel_id}/threads": _open,
    "POST /channels/{channel_id}/messages/{message_id}/threads": _open_under,
    f"GET {_MEMBERS}": _members,
    f"GET {_MEMBERS}/{{user_id}}": _member,
    f"PUT {_MEMBERS}/{{user_id}}": _join,
    f"DELETE {_MEMBERS}/{{user_id}}": _leave,
    "GET /guilds/{guild_id}/threads/active": _active,
    "GET /channels/{channel_id}/threads/archived/public": lambda c: _archived(c, PUBLIC_THREAD),
    "GET /channels/{channel_id}/threads/archived/private": _archived_private,
    "GET /channels/{channel_id}/users/@me/threads/archived/private": lambda c: _archived(
        c, PRIVATE_THREAD, mine=True
    ),
}
