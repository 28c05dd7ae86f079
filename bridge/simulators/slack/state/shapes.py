"""Users, channels, messages, files and views in Slack's JSON."""

from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject, without_none
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.records import Channel, Message, StoredFile, User, View
from bridge.simulators.slack.state.world import World


def user_json(user: User, *, email: bool = True, locale: bool = False) -> JsonObject:
    """`email` is for apps with `users:read.email`."""
    profile: JsonObject = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "title": user.title,
        "team": user.team_id,
        "image_72": f"https://avatars.slack-edge.com/{user.id}_72.png",
    }
    if email and user.email and not user.is_bot:
        profile["email"] = user.email
    if user.is_bot:
        profile |= {"bot_id": user.bot_id, "api_app_id": user.app_id}
    shown: JsonObject = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if locale:
        shown["locale"] = user.locale
    if user.is_stranger:
        shown["is_stranger"] = True
    return shown | ({} if user.deleted else _roles(user))


def _roles(user: User) -> JsonObject:
    """Slack leaves these out of a deactivated user."""
    return {
        "real_name": user.real_name,
        "tz": user.tz,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
    }


def channel_json(world: World, channel: Channel, viewer: str) -> JsonObject:
    """A channel as the user `viewer` is shown it."""
    base: JsonObject = {
        "id": channel.id,
        "created": channel.created,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "is_archived": channel.is_archived,
        "is_org_shared": False,
        "context_team_id": world.team.id,
        "updated": channel.created * 1000,
    }
    if channel.kind == "im":
        return base | {"user": channel.user, "is_user_deleted": False, "is_open": True}
    return base | {
        "name": channel.name,
        "name_normalized": channel.name,
        "creator": channel.creator,
        "is_general": channel.is_general,
        "is_member": viewer in channel.members,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "shared_team_ids": [world.team.id, *channel.shared_with],
        "connected_team_ids": list(channel.shared_with),
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": channel.creator, "last_set": 0},
        "previous_names": list(channel.previous_names),
        "num_members": len(channel.members),
    }


def channel_type(channel: Channel) -> str:
    """`channel`, `group`, `im` or `mpim`, as events say it."""
    return {"public": "channel", "private": "group"}.get(channel.kind, channel.kind)


def bot_profile(world: World, app: App) -> JsonObject:
    """What a message says of the app that posted it."""
    return {
        "id": app.bot_id,
        "deleted": False,
        "name": app.manifest.name,
        "updated": 0,
        "app_id": app.id,
        "user_id": app.bot_user,
        "team_id": world.team.id,
        "icons": {"image_36": "https://a.slack-edge.com/80588/img/plugins/app/bot_36.png"},
    }


def message_json(world: World, message: Message, *, metadata: bool = True) -> JsonObject:
    """A message without its channel. `metadata` only where it was asked for."""
    shown = without_none(
        {
            "type": "message",
            "subtype": message.subtype,
            "user": message.user,
            "bot_id": message.bot_id,
            "app_id": message.app_id,
            "username": message.username,
            "icons": message.icons,
            "text": message.text,
            "ts": message.ts,
            "client_msg_id": message.client_msg_id,
            **_company(world, message),
            "blocks": list(message.blocks) or None,
            "attachments": list(message.attachments) or None,
            "metadata": message.metadata if metadata else None,
        }
    )
    if message.app_id in world.apps and message.user:
        shown["bot_profile"] = bot_profile(world, world.apps[message.app_id])
    if message.files:
        shown["files"] = [file_json(world, world.files[one]) for one in message.files]
        shown["upload"] = False
    if message.edited:
        shown["edited"] = {"user": message.edited.user, "ts": message.edited.ts}
    if message.reactions:
        shown["reactions"] = [
            {"name": one.name, "users": list(one.users), "count": len(one.users)}
            for one in message.reactions
        ]
    return shown | _threading(world, message) | message.extra


def _company(world: World, message: Message) -> Mapping[str, Json]:
    """Whose account wrote it. A stranger's line says so twice more."""
    user = world.users.get(message.user or "")
    if user is None:
        return {}
    if user.team_id == world.team.id:
        return {"team": user.team_id}
    return {"team": user.team_id, "user_team": user.team_id, "source_team": user.team_id}


def _threading(world: World, message: Message) -> JsonObject:
    if message.is_reply:
        parent = world.messages[message.channel].get(message.root_ts)
        shown: JsonObject = {"thread_ts": message.thread_ts}
        if parent is not None and (parent.user or parent.bot_id):
            shown["parent_user_id"] = parent.user or parent.bot_id
        if message.subtype == "thread_broadcast" and parent is not None:
            shown["root"] = message_json(world, parent)
        return shown
    replies = world.replies(message)
    if not replies:
        return {}
    people = list(dict.fromkeys(one.user or one.bot_id or "" for one in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "latest_reply": replies[-1].ts,
        "reply_users": people[:5],
        "is_locked": False,
        "subscribed": True,
    }


def file_json(world: World, file: StoredFile) -> JsonObject:
    """A file. Before its message is there it is shared nowhere."""
    if file.access == "check_file_info":
        return {"id": file.id, "created": file.created, "file_access": "check_file_info"}
    address = f"{world.address}/files-pri/{world.team.id}-{file.id}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2].lower() or "binary",
        "user": file.owner,
        "user_team": world.team.id,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "is_public": any(channel.startswith("C") for channel, _ in file.shares),
        "url_private": f"{address}/{file.name}",
        "url_private_download": f"{address}/download/{file.name}",
        "permalink": f"https://{world.team.domain}.slack.com/files/{file.owner}/{file.id}/",
        "has_rich_preview": False,
        "file_access": file.access,
        "shares": _shares(world, file),
        "channels": [one for one, _ in file.shares if world.channels[one].kind == "public"],
        "groups": [one for one, _ in file.shares if world.channels[one].kind == "private"],
        "ims": [one for one, _ in file.shares if world.channels[one].kind == "im"],
    }


def _shares(world: World, file: StoredFile) -> JsonObject:
    public: dict[str, list[Json]] = {}
    private: dict[str, list[Json]] = {}
    for channel, ts in file.shares:
        kind = public if world.channels[channel].kind == "public" else private
        message = world.messages[channel].get(ts)
        share: Mapping[str, Json] = without_none(
            {
                "ts": ts,
                "thread_ts": message.thread_ts if message else None,
                "team_id": world.team.id,
                "share_user_id": file.owner,
            }
        )
        kind.setdefault(channel, []).append(share)
    return {name: kind for name, kind in (("public", public), ("private", private)) if kind}


def view_json(world: World, view: View) -> JsonObject:
    """A view with everything that Slack adds to it."""
    app = world.apps[view.app_id]
    return {
        "private_metadata": "",
        "callback_id": "",
        "state": {"values": {}},
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "close": None,
        "submit": None,
        "title": {"type": "plain_text", "text": "View Title", "emoji": True},
        **view.content,
        "id": view.id,
        "team_id": world.team.id,
        "type": view.kind,
        "hash": view.hash,
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": view.app_id,
        "app_installed_team_id": world.team.id,
        "bot_id": app.bot_id,
    }
