"""Everything that one person has in front of him: where he can go, what he can use and write."""

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.acts.asking import find_command
from bridge.simulators.discord.house import CannotDo
from bridge.simulators.discord.person import Person
from bridge.simulators.discord.server import Server
from bridge.simulators.discord.state.records import FORUM, Channel
from bridge.simulators.discord.web.shown import channel_shown, message_shown, modal_shown


def screen_shown(discord: Server, person: Person) -> JsonObject:
    """His channels, threads and direct messages, whispers and forms, and every name he meets."""
    world = discord.world
    mine = [one for one in world.channels.values() if world.sees(person.id, one)]
    return {
        "me": person.id,
        "locale": person.user.locale,
        "guilds": [{"id": one.id, "name": one.name} for one in world.guilds.values()],
        "people": [
            {"id": one.id, "name": one.name, "real_name": one.global_name or one.name,
             "bot": one.bot}
            for one in world.users.values()
        ],
        "roles": [{"id": one.id, "name": one.name} for one in world.roles.values()],
        "channels": [_place(discord, person, one) for one in mine],
        "whispers": [message_shown(discord, one) for one in person.whispers()],
        "modals": [modal_shown(one) for one in person.modals],
    }  # fmt: skip


def _place(discord: Server, person: Person, one: Channel) -> JsonObject:
    world, shown = discord.world, channel_shown(one)
    needed = bits.SEND_IN_THREADS if one.is_thread else bits.SEND
    writes = one.type != FORUM and bool(world.rights(person.id, one) & needed)
    shown["writes"] = writes
    shown["position"] = one.position
    shown["topic"] = one.topic
    shown["recipients"] = list(one.recipients)
    if one.thread is not None:
        parent = world.channels.get(one.parent_id or "")
        names = {tag.id: tag.name for tag in parent.tags} if parent is not None else {}
        shown["tags"] = [names[it] for it in one.thread.applied_tags if it in names]
        shown["active_at"] = one.thread.active_at
        shown["count"] = one.thread.message_count
    return shown


def commands_shown(discord: Server, person: Person, channel: Channel) -> list[Json]:
    """The commands that he is offered there, as they were registered."""
    found: list[Json] = []
    for one in discord.world.commands.values():
        try:
            offered = find_command(discord.world, person.id, channel, one.name, one.type)
        except CannotDo:
            continue
        if offered.id == one.id:
            found.append({**one.spec, "type": one.type, "app": one.app_id})
    return found
