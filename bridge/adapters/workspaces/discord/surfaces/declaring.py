"""The application commands that a server gets, from what the desk declares; pure.

Limits: discord.com/developers/docs/interactions/application-commands, read November 2026.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from bridge.adapters.common import labels
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.surfaces.kit import clipped
from bridge.locales import DEFAULT, say
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec

CHAT, MESSAGE = 1, 3
STRING = 3

LOCALES: Mapping[str, str] = {"pt_BR": "pt-BR"}
"""Our languages besides English, as Discord calls them."""
SEES = 1 << 38
"""Who may not write in threads is shown no commands there; whoever sees one is not allowed to by
that: the desk decides at every act."""
MENUS = ("ticket", "menu")
"""What stands in a message's own menu: `discord.menu.<name>`."""

_MAX_NAME = 32
_MAX_WORDS = 100
_MOST = 25
_LOOKED_UP = frozenset(
    {
        ArgumentKind.AGENT,
        ArgumentKind.QUEUE,
        ArgumentKind.TARGET,
        ArgumentKind.TEMPLATE,
        ArgumentKind.TICKET,
        ArgumentKind.CONVERSATION,
    }
)
_SPANS = ("conversations", "since")
_LIMITS = {"note": 1_000, "summary": 1_000, "text": 3_000, "description": 2_000, "reason": 200}
_LONGEST = 200


def declared(commands: Iterable[CommandSpec]) -> list[Json]:
    """Everything for one server, for a PUT of all of them at once."""
    specs = tuple(commands)
    names = tuple(spec.name for spec in specs)
    return [*(_command(spec, names) for spec in specs), *map(_menu, MENUS)]


def digest(commands: list[Json], application: str) -> str:
    """The same for the same commands of the same application."""
    written = msgspec.json.encode([application, commands], order="sorted")
    return hashlib.sha256(written).hexdigest()[:32]


def menu_of(name: str) -> str:
    """Which of our entries in a message's menu this is; empty for none."""
    return next((each for each in MENUS if _menu(each)["name"] == name), "")


def _command(spec: CommandSpec, names: tuple[str, ...]) -> Json:
    return {
        "type": CHAT,
        "name": spec.name,
        **_described(lambda language: _help(spec.name, language)),
        "default_member_permissions": SEES,
        "options": [_option(spec, argument, names) for argument in _in_order(spec)],
    }


def _menu(name: str) -> Json:
    return {
        "type": MESSAGE,
        "name": say(DEFAULT, f"discord.menu.{name}")[:_MAX_NAME],
        "name_localizations": {
            locale: say(language, f"discord.menu.{name}")[:_MAX_NAME]
            for language, locale in LOCALES.items()
        },
        "default_member_permissions": SEES,
    }


def _in_order(spec: CommandSpec) -> Iterator[ArgumentSpec]:
    """Discord wants what is required first."""
    yield from (each for each in spec.arguments if each.required)
    yield from (each for each in spec.arguments if not each.required)


def _option(spec: CommandSpec, argument: ArgumentSpec, names: tuple[str, ...]) -> Json:
    made: Json = {
        "type": STRING,
        "name": argument.name.lower(),
        **_described(lambda language: labels.label(spec.name, argument.name, language)),
        "required": argument.required,
    }
    if spec.name == "help" and argument.name == "command":
        return made | {"choices": [{"name": name, "value": name} for name in names[:_MOST]]}
    if argument.choices and len(argument.choices) <= _MOST:
        return made | {"choices": [_choice(argument, value) for value in argument.choices]}
    if is_looked_up(spec.name, argument):
        return made | {"autocomplete": True}
    return made | {"max_length": _LIMITS.get(argument.name, _LONGEST)}


def is_looked_up(command: str, argument: ArgumentSpec) -> bool:
    """Whether it is completed while somebody types."""
    many = bool(argument.choices) and len(argument.choices) > _MOST
    return many or argument.kind in _LOOKED_UP or (command, argument.name) == _SPANS


def _choice(argument: ArgumentSpec, value: str) -> Json:
    return {
        "name": clipped(labels.choice(argument.name, value, DEFAULT), _MAX_WORDS),
        "name_localizations": {
            locale: clipped(labels.choice(argument.name, value, language), _MAX_WORDS)
            for language, locale in LOCALES.items()
        },
        "value": value[:_MAX_WORDS],
    }


def _described(words: Callable[[str], str]) -> Json:
    return {
        "description": clipped(words(DEFAULT), _MAX_WORDS),
        "description_localizations": {
            locale: clipped(words(language), _MAX_WORDS) for language, locale in LOCALES.items()
        },
    }


def _help(command: str, language: str) -> str:
    said = say(language, f"command.{command}.help")
    return said[:1].upper() + said[1:]
