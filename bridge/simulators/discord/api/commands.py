"""Registering application commands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridge.simulators.common.wire import Json, JsonObject, arr, dump, obj, txt
from bridge.simulators.discord.api.method import NOTHING, Call, Operation, Reply
from bridge.simulators.discord.errors import DiscordRefused, Form
from bridge.simulators.discord.state import shapes
from bridge.simulators.discord.state.records import Command

CHAT, USER, MESSAGE = 1, 2, 3
MOST: Mapping[int, int] = {CHAT: 100, USER: 15, MESSAGE: 15}
_NAME = re.compile(r"^[-_'\w]{1,32}$")
_CREATES_A_DAY, _DAY, _CHARACTERS = 200, 86_400.0, 8_000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    app_id: str
    guild_id: str | None


def _place(call: Call) -> _Place:
    """The bot's own commands, everywhere or in one guild. Raises 10002 or 10004."""
    if call.path["app_id"] != call.app.id:
        raise DiscordRefused(10002)
    guild_id = call.guild_id() if "guild_id" in call.path else None
    return _Place(app_id=call.app.id, guild_id=guild_id)


def _here(call: Call, place: _Place) -> list[Command]:
    return [
        one
        for one in call.world.commands.values()
        if (one.app_id, one.guild_id) == (place.app_id, place.guild_id)
    ]


def _kind(spec: Mapping[str, Json]) -> int:
    kind = spec.get("type", CHAT)
    return kind if isinstance(kind, int) else CHAT


def _check(path: str, spec: Mapping[str, Json], form: Form) -> None:
    name = txt(spec.get("name"))
    form.required(f"{path}name", name)
    if _kind(spec) == CHAT:
        if name and (not _NAME.match(name) or name != name.lower()):
            wrong = "Command name is invalid"
            form.wrong(f"{path}name", "APPLICATION_COMMAND_INVALID_NAME", wrong)
        form.required(f"{path}description", spec.get("description"))
        form.length(f"{path}description", spec.get("description"), 1, 100)
    form.length(f"{path}name", name, 1, 32)
    _check_options(path, list(arr(spec.get("options"))), form)
    for locale, text in obj(spec.get("description_localizations")).items():
        form.length(f"{path}description_localizations.{locale}", text, 1, 100)
    if _characters(spec) > _CHARACTERS:
        wrong = f"Command exceeds maximum size ({_CHARACTERS})"
        form.wrong(path.rstrip(".") or "name", "APPLICATION_COMMAND_TOO_LARGE", wrong)


def _check_options(path: str, options: list[Json], form: Form) -> None:
    form.length(f"{path}options", options, 0, 25)
    optional = False
    for n, option in enumerate(obj(one) for one in options):
        where = f"{path}options.{n}"
        _check(f"{where}.", {**option, "type": CHAT}, form)
        if option.get("required") and optional:
            wrong = "Required options must be placed before non-required options"
            form.wrong(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", wrong)
        optional = optional or not option.get("required")
        choices = list(arr(option.get("choices")))
        form.length(f"{where}.choices", choices, 0, 25)
        if choices and option.get("autocomplete"):
            wrong = "Choices and autocomplete exclude each other"
            form.wrong(where, "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", wrong)


def _characters(spec: Mapping[str, Json]) -> int:
    own = sum(len(txt(spec.get(name))) for name in ("name", "description", "value"))
    parts: Sequence[Json] = [*arr(spec.get("options")), *arr(spec.get("choices"))]
    return own + sum(_characters(obj(one)) for one in parts)


def _put(call: Call, place: _Place, spec: JsonObject, old: Command | None) -> Command:
    """A command by type and name: the same stays, a changed one gets another version."""
    mint = call.world.mint
    is_same = old is not None and dump(old.spec) == dump(spec)
    if old is None:
        _count_create(call, place)
    version = old.version if old is not None and is_same else mint.snowflake()
    command = Command(
        id=old.id if old is not None else mint.snowflake(),
        app_id=place.app_id,
        guild_id=place.guild_id,
        type=_kind(spec),
        name=txt(spec.get("name")),
        version=version,
        spec=spec,
    )
    call.world.commands[command.id] = command
    return command


def _count_create(call: Call, place: _Place) -> None:
    now = call.world.now()
    made = call.world.creates.setdefault(f"{place.app_id} {place.guild_id}", [])
    made[:] = [at for at in made if at > now - _DAY]
    if len(made) >= _CREATES_A_DAY:
        raise DiscordRefused(30034)
    made.append(now)


def _replace_all(call: Call) -> Reply:
    place, form = _place(call), Form()
    specs = [dict(obj(one)) for one in arr(call.body)]
    for n, spec in enumerate(specs):
        _check(f"{n}.", spec, form)
    names = [(_kind(one), txt(one.get("name"))) for one in specs]
    if len(set(names)) < len(names):
        wrong = "Application command names must be unique"
        form.wrong("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", wrong)
    form.check()
    for kind, most in MOST.items():
        if sum(1 for one, _ in names if one == kind) > most:
            raise DiscordRefused(30032)
    old = {(one.type, one.name): one for one in _here(call, place)}
    kept = [_put(call, place, spec, old.get(name)) for name, spec in zip(names, specs, strict=True)]
    for gone in set(old) - set(names):
        del call.world.commands[old[gone].id]
    return Reply(body=[shapes.command(one) for one in kept])


def _list(call: Call) -> Reply:
    return Reply(body=[shapes.command(one) for one in _here(call, _place(call))])


def _create(call: Call) -> Reply:
    place, form, spec = _place(call), Form(), dict(call.fields)
    _check("", spec, form)
    form.check()
    here = _here(call, place)
    name = (_kind(spec), txt(spec.get("name")))
    old = next((one for one in here if (one.type, one.name) == name), None)
    if old is None and sum(1 for one in here if one.type == name[0]) >= MOST.get(name[0], 100):
        raise DiscordRefused(30032)
    command = _put(call, place, spec, old)
    return Reply(status=200 if old else 201, body=shapes.command(command))


def _one(call: Call) -> Command:
    place = _place(call)
    found = call.world.commands.get(call.path["command_id"])
    if found is None or (found.app_id, found.guild_id) != (place.app_id, place.guild_id):
        raise DiscordRefused(10063)
    return found


def _read(call: Call) -> Reply:
    return Reply(body=shapes.command(_one(call)))


def _change(call: Call) -> Reply:
    old, form = _one(call), Form()
    spec = {**old.spec, **call.fields}
    _check("", spec, form)
    form.check()
    return Reply(body=shapes.command(_put(call, _place(call), spec, old)))


def _delete(call: Call) -> Reply:
    del call.world.commands[_one(call).id]
    return NOTHING


def _routes(root: str) -> dict[str, Operation]:
    return {
        f"GET {root}": _list,
        f"PUT {root}": _replace_all,
        f"POST {root}": _create,
        f"GET {root}/{{command_id}}": _read,
        f"PATCH {root}/{{command_id}}": _change,
        f"DELETE {root}/{{command_id}}": _delete,
    }


ROUTES: Mapping[str, Operation] = {
    **_routes("/applications/{app_id}/commands"),
    **_routes("/applications/{app_id}/guilds/{guild_id}/commands"),
}
