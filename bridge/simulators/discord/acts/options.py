"""Options of a command as a person's screen sends them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bridge.simulators.common.wire import Json, JsonObject, arr, obj
from bridge.simulators.discord.house import CannotDo
from bridge.simulators.discord.state import shapes
from bridge.simulators.discord.state.records import Channel, Command
from bridge.simulators.discord.state.world import World

SUB, GROUP, STRING, INTEGER, BOOLEAN = 1, 2, 3, 4, 5
_THINGS: Mapping[int, str] = {6: "user", 7: "channel", 8: "role", 9: "mentionable"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """The options, and the people, roles and channels among them."""

    options: list[Json]
    things: list[tuple[str, str]] = field(default_factory=list)


def read_options(
    world: World,
    channel: Channel,
    command: Command,
    path: Sequence[str],
    values: Mapping[str, Json],
    *,
    focused: str | None = None,
) -> Shown:
    """Raises `CannotDo` for an unknown option, one that is missing, or none of the choices."""
    declared = [obj(one) for one in arr(command.spec.get("options"))]
    nested: list[Mapping[str, Json]] = []
    for name in path:
        found = next((one for one in declared if one.get("name") == name), None)
        if found is None:
            raise CannotDo(f"/{command.name} has no {name!r}")
        nested.append(found)
        declared = [obj(one) for one in arr(found.get("options"))]
    if any(one.get("type") in (SUB, GROUP) for one in declared):
        raise CannotDo(f"/{command.name} wants one of its sub-commands")
    known = {str(one.get("name")): one for one in declared}
    if set(values) - set(known):
        raise CannotDo(f"/{command.name} takes {', '.join(known) or 'nothing'}")
    missing = [name for name, one in known.items() if one.get("required") and name not in values]
    if missing and focused is None:
        raise CannotDo(f"/{command.name} also wants {', '.join(missing)}")
    leaves: list[Json] = []
    things: list[tuple[str, str]] = []
    for name, value in values.items():
        leaf = _leaf(known[name], name, value, is_focused=name == focused)
        leaves.append(leaf)
        thing = _THINGS.get(_kind(known[name]))
        if thing is not None:
            things.append((thing, str(value)))
    for parent in reversed(nested):
        leaves = [{"name": parent["name"], "type": parent["type"], "options": leaves}]
    return Shown(options=leaves, things=things)


def _kind(declared: Mapping[str, Json]) -> int:
    kind = declared.get("type")
    return kind if isinstance(kind, int) else STRING


def _leaf(declared: Mapping[str, Json], name: str, value: Json, *, is_focused: bool) -> JsonObject:
    kind = _kind(declared)
    choices = {obj(one).get("value") for one in arr(declared.get("choices"))}
    if choices and value not in choices:
        raise CannotDo(f"{name} is one of {', '.join(str(one) for one in choices)}")
    typed: Json = value
    if not is_focused:
        typed = _typed(name, kind, value)
    leaf: JsonObject = {"name": name, "type": kind, "value": typed}
    return {**leaf, "focused": True} if is_focused else leaf


def _typed(name: str, kind: int, value: Json) -> Json:
    try:
        if kind == INTEGER:
            return int(str(value))
        if kind == BOOLEAN:
            return value if isinstance(value, bool) else str(value).lower() == "true"
    except ValueError as e:
        raise CannotDo(f"{name} is a number") from e
    return value if kind == 10 else str(value)


def resolved_of(world: World, channel: Channel, things: Sequence[tuple[str, str]]) -> JsonObject:
    """The people, roles and channels that were named, whole."""
    users: JsonObject = {}
    members: JsonObject = {}
    roles: JsonObject = {}
    channels: JsonObject = {}
    here = world.members.get(channel.guild_id or "", {})
    for kind, named in things:
        if kind == "channel":
            channels[named] = shapes.partial_channel(world, world.channel(named), "")
        elif kind == "role" or named in world.roles:
            roles[named] = shapes.role(world.roles[named])
        else:
            users[named] = shapes.user(world.user(named))
            if named in here:
                member = shapes.member(world, here[named], with_user=False)
                rights = str(world.rights(named, channel))
                members[named] = {**member, "permissions": rights}
    found = {"users": users, "members": members, "roles": roles, "channels": channels}
    return {name: one for name, one in found.items() if one}
