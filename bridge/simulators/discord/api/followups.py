"""What an app sends after its first answer to an interaction."""

from dataclasses import replace

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.discord.api.bodies import check_not_empty, check_sizes, read_draft
from bridge.simulators.discord.api.messages import apply_edit
from bridge.simulators.discord.api.method import NOTHING, Call, Reply
from bridge.simulators.discord.errors import DiscordRefused
from bridge.simulators.discord.state import message_shapes, posting, shapes, threads
from bridge.simulators.discord.state.mentions import ONLY_USERS
from bridge.simulators.discord.state.posting import Draft
from bridge.simulators.discord.state.records import (
    COMMAND,
    EPHEMERAL,
    LOADING,
    MENU_COMMAND,
    Interaction,
    Message,
)
from bridge.simulators.discord.state.world import World

APPLICATION_COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5


def of_token(call: Call) -> Interaction:
    """The interaction of this address. Raises 10015 when its token is too old, 10062 before."""
    world = call.world
    found = world.interactions.get(world.tokens.get(call.path["webhook_token"], ""))
    if found is None or found.app_id != call.path["webhook_id"]:
        raise DiscordRefused(10015)
    if world.now() - found.created_at > world.timing.token_lives:
        raise DiscordRefused(10015)
    if found.answer is None:
        raise DiscordRefused(10015)
    return found


def post_answer(world: World, it: Interaction, draft: Draft, *, loading: bool = False) -> Message:
    """The bot's message to a person, seen by all or by that person alone."""
    app = world.apps[it.app_id]
    channel = world.channel(it.channel_id)
    is_private = bool(draft.flags & EPHEMERAL)
    if channel.is_thread and not is_private:
        channel = threads.wake(world, channel)
    kind = MENU_COMMAND if it.data.get("target_id") else COMMAND
    metadata: JsonObject = {
        "id": it.id,
        "type": it.type,
        "user": shapes.user(world.users[it.user_id]),
        "authorizing_integration_owners": {"0": it.guild_id or "0"},
    }
    draft = replace(
        draft,
        type=kind if it.type == APPLICATION_COMMAND else draft.type,
        flags=draft.flags | (LOADING if loading else 0),
        webhook_id=app.id,
        app_id=app.id,
        interaction=metadata,
        only_for=it.user_id if is_private else None,
        nonce=None,
    )
    return posting.post(world, channel, app.bot_id, draft)


def _draft(call: Call) -> Draft:
    draft = read_draft(call.world, call.fields, call.files, ONLY_USERS)
    return check_not_empty(draft)


def _find(call: Call) -> Message:
    """`@original` or a later message of this interaction. Raises 10008."""
    it, named = of_token(call), call.path["message_id"]
    message_id = it.original_id if named == "@original" else named
    found = call.world.whispers.get(message_id or "")
    found = found or call.world.messages.get(it.channel_id, {}).get(message_id or "")
    if found is None or found.app_id != it.app_id:
        raise DiscordRefused(10008)
    return found


def _said(call: Call, it: Interaction, message: Message) -> JsonObject:
    return {"id": message.id, "channel": it.channel_id, "to": message.only_for}


def send(call: Call) -> Reply:
    """One more message; the first after a thinking answer takes its place."""
    it = of_token(call)
    check_sizes(call.world.guilds.get(it.guild_id or ""), call.files)
    original = call.world.whispers.get(it.original_id or "")
    original = original or call.world.messages.get(it.channel_id, {}).get(it.original_id or "")
    if original is not None and original.is_loading:
        return _finish(call, it, original)
    message = post_answer(call.world, it, _draft(call))
    body = message_shapes.message(call.world, message)
    return Reply(body=body, said=_said(call, it, message))


def _finish(call: Call, it: Interaction, message: Message) -> Reply:
    settled = replace(message, flags=message.flags & ~LOADING)
    done = apply_edit(call, settled, ONLY_USERS)
    done = call.world.put_message(replace(done, edited_at=message.edited_at))
    return Reply(body=message_shapes.message(call.world, done), said=_said(call, it, done))


def edit(call: Call) -> Reply:
    """Change an answer."""
    it, message = of_token(call), _find(call)
    if message.is_loading:
        return _finish(call, it, message)
    done = apply_edit(call, message, ONLY_USERS)
    return Reply(body=message_shapes.message(call.world, done), said=_said(call, it, done))


def read(call: Call) -> Reply:
    """An answer as it is now."""
    return Reply(body=message_shapes.message(call.world, _find(call)))


def delete(call: Call) -> Reply:
    """Take an answer away."""
    posting.delete(call.world, _find(call))
    return NOTHING
