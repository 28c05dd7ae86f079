"""Commands, completions, buttons, menus and forms, as people use them."""

from collections.abc import Mapping, Sequence

from bridge.simulators.common.wire import Json, JsonObject, arr, obj
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.acts.filling import filled_form
from bridge.simulators.discord.acts.options import read_options, resolved_of
from bridge.simulators.discord.acts.talking import check
from bridge.simulators.discord.api.components import BUTTON, MENUS, inside
from bridge.simulators.discord.api.followups import (
    APPLICATION_COMMAND,
    AUTOCOMPLETE,
    COMPONENT,
    MODAL_SUBMIT,
)
from bridge.simulators.discord.house import CannotDo, House, Outcome, closed
from bridge.simulators.discord.state import message_shapes, shapes
from bridge.simulators.discord.state.records import Channel, Command, Interaction, Message, Modal
from bridge.simulators.discord.state.world import World

Options = Mapping[str, Json]


def find_command(world: World, who: str, channel: Channel, name: str, kind: int) -> Command:
    """A command that somebody sees in a channel. Raises `CannotDo`."""
    check(world, who, channel, bits.USE_COMMANDS)
    if channel.thread is not None and channel.thread.archived:
        raise CannotDo("an archived thread takes no commands")
    here = [
        one
        for one in world.commands.values()
        if one.type == kind and one.guild_id in (None, channel.guild_id) and one.name == name
    ]
    mine = [one for one in here if _offers(world, one, who, channel)]
    if not mine:
        known = sorted(one.name for one in world.commands.values() if one.type == kind)
        raise CannotDo(f"no command {name!r} here; there are {', '.join(known) or 'none'}")
    return mine[0]


def _offers(world: World, command: Command, who: str, channel: Channel) -> bool:
    """`default_member_permissions` hides a command from who has not those rights."""
    app = world.apps[command.app_id]
    if app.bot_id not in world.members.get(channel.guild_id or "", {}):
        return False
    needed = command.spec.get("default_member_permissions")
    has = world.rights(who, channel)
    return needed is None or has & int(str(needed)) == int(str(needed))


async def run(house: House, who: str, channel: Channel, name: str, options: Options) -> Outcome:
    """A slash command; `name` may hold its sub-commands, `ticket create`."""
    world = house.begin()
    head, *path = name.split()
    command = find_command(world, who, channel, head, 1)
    shown = read_options(world, channel, command, path, options)
    data: JsonObject = {**_named(command), "options": shown.options}
    data["resolved"] = resolved_of(world, channel, shown.things)
    return await _ask(house, command.app_id, APPLICATION_COMMAND, who, channel, data)


async def complete(
    house: House, who: str, channel: Channel, name: str, option: str, so_far: str, others: Options
) -> Outcome:
    """Type into an option that the app completes."""
    world = house.begin()
    head, *path = name.split()
    command = find_command(world, who, channel, head, 1)
    values = {**others, option: so_far}
    shown = read_options(world, channel, command, path, values, focused=option)
    data: JsonObject = {**_named(command), "options": shown.options}
    return await _ask(house, command.app_id, AUTOCOMPLETE, who, channel, data)


async def use_message_menu(house: House, who: str, name: str, message: Message) -> Outcome:
    """An entry under Apps in a message's menu."""
    world = house.begin()
    channel = world.channel(message.channel_id)
    command = find_command(world, who, channel, name, 3)
    data: JsonObject = {**_named(command), "target_id": message.id}
    data["resolved"] = {"messages": {message.id: message_shapes.message(world, message)}}
    return await _ask(house, command.app_id, APPLICATION_COMMAND, who, channel, data)


async def use_user_menu(house: House, who: str, name: str, whom: str, channel: Channel) -> Outcome:
    """An entry under Apps in somebody's menu."""
    world = house.begin()
    command = find_command(world, who, channel, name, 2)
    data: JsonObject = {**_named(command), "target_id": whom}
    data["resolved"] = resolved_of(world, channel, [("user", whom)])
    return await _ask(house, command.app_id, APPLICATION_COMMAND, who, channel, data)


def _named(command: Command) -> JsonObject:
    named: JsonObject = {"id": command.id, "name": command.name, "type": command.type}
    return {**named, "guild_id": command.guild_id} if command.guild_id else named


# ---------------------------------------------------------------- components


async def press(
    house: House, who: str, message: Message, custom_id: str, values: Sequence[str] | None
) -> Outcome:
    """A button, or with `values` a menu. Raises `CannotDo` for one that is grey or not there."""
    world = house.begin()
    channel = world.channel(message.channel_id)
    check(world, who, channel, 0)
    if message.only_for not in (None, who):
        raise CannotDo("somebody else was shown this")
    if channel.thread is not None and channel.thread.archived:
        raise CannotDo("the thread is archived")
    part = _usable(message, custom_id)
    kind = part.get("type")
    data: JsonObject = {"custom_id": custom_id, "component_type": kind}
    if values is not None:
        data["values"] = list(values)
        _check_choice(part, values)
        wanted = {5: "user", 6: "role", 7: "mentionable", 8: "channel"}.get(
            kind if isinstance(kind, int) else 0
        )
        if wanted:
            things = [(wanted, one) for one in values]
            data["resolved"] = resolved_of(world, channel, things)
    app_id = message.app_id or next(
        one.id for one in world.apps.values() if one.bot_id == message.author_id
    )
    return await _ask(house, app_id, COMPONENT, who, channel, data, message=message)


def _usable(message: Message, custom_id: str) -> Mapping[str, Json]:
    parts = {str(one.get("custom_id")): one for _, one in inside(message.components)}
    part = parts.get(custom_id)
    if part is None or part.get("type") not in {BUTTON, *MENUS}:
        raise CannotDo(f"no {custom_id!r} here; there are {', '.join(parts) or 'none'}")
    if part.get("disabled"):
        raise CannotDo(f"{custom_id!r} is grey")
    return part


def _check_choice(part: Mapping[str, Json], values: Sequence[str]) -> None:
    least, most = part.get("min_values", 1), part.get("max_values", 1)
    few = isinstance(least, int) and len(values) < least
    many = isinstance(most, int) and len(values) > most
    if few or many:
        raise CannotDo(f"choose {least} to {most}")
    offered = {str(obj(one).get("value")) for one in arr(part.get("options"))}
    if part.get("type") == 3 and not set(values) <= offered:
        raise CannotDo(f"the menu has {', '.join(sorted(offered))}")


async def submit(house: House, modal: Modal, values: Options) -> Outcome:
    """Fill in a form by its fields' ids and send it."""
    world = house.begin()
    components = filled_form(modal, values)
    closed(modal, world)
    channel = world.channel(modal.channel_id)
    data: JsonObject = {"custom_id": modal.custom_id, "components": components}
    chosen = [str(each) for value in values.values() for each in arr(value)]
    files = {
        each: message_shapes.attachment(world, world.files[each], channel.id)
        for each in chosen
        if each in world.files
    }
    if files:
        data["resolved"] = {"attachments": dict(files)}
    message = world.whispers.get(modal.message_id or "") or world.messages.get(channel.id, {}).get(
        modal.message_id or ""
    )
    return await _ask(
        house, modal.app_id, MODAL_SUBMIT, modal.user_id, channel, data, message=message
    )


# ---------------------------------------------------------------- asking


async def _ask(
    house: House,
    app_id: str,
    kind: int,
    who: str,
    channel: Channel,
    data: JsonObject,
    *,
    message: Message | None = None,
) -> Outcome:
    """Send the interaction to the app and wait for its first answer."""
    world = house.world
    it = Interaction(
        id=world.mint.snowflake(),
        token=world.mint.secret(64),
        app_id=app_id,
        type=kind,
        user_id=who,
        channel_id=channel.id,
        guild_id=channel.guild_id,
        created_at=world.now(),
        data=data,
        message_id=message.id if message is not None else None,
    )
    world.interactions[it.id] = it
    world.tokens[it.token] = it.id
    event = _payload(world, it, channel)
    if message is not None:
        event["message"] = message_shapes.message(world, message, seen_by=world.apps[app_id].bot_id)
    world.tell("INTERACTION_CREATE", event, guild=channel.guild_id, only=app_id)
    await house.done("interacts", who, channel=channel.id, kind=kind, data=data, id=it.id)
    return await house.answer_to(it)


def _payload(world: World, it: Interaction, channel: Channel) -> JsonObject:
    user = world.users[it.user_id]
    app = world.apps[it.app_id]
    payload: JsonObject = {
        "id": it.id,
        "application_id": it.app_id,
        "type": it.type,
        "token": it.token,
        "version": 1,
        "data": it.data,
        "channel_id": channel.id,
        "channel": shapes.partial_channel(world, channel, it.user_id),
        "locale": user.locale,
        "entitlements": [],
        "app_permissions": str(world.rights(app.bot_id, channel)),
        "attachment_size_limit": 10 * 1024 * 1024,
    }
    if it.guild_id is None:
        return {**payload, "user": shapes.user(user), "context": 1}
    guild = world.guilds[it.guild_id]
    member = world.members[guild.id][it.user_id]
    payload["attachment_size_limit"] = guild.file_limit
    payload["guild_id"] = guild.id
    payload["guild_locale"] = guild.locale
    payload["guild"] = {"id": guild.id, "locale": guild.locale, "features": []}
    payload["member"] = shapes.interacting_member(world, member, channel)
    payload["authorizing_integration_owners"] = {"0": guild.id}
    payload["context"] = 0
    return payload
