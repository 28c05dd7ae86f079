"""Composes the settings from the core's sections and what the configured adapters declare."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError, create_model
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bridge.domain.errors import InvalidSettings
from bridge.ports.bot import BotAdapter
from bridge.ports.channel import ChannelAdapter
from bridge.ports.plugin import Plugin
from bridge.ports.workspace import WorkspaceAdapter
from bridge.settings.mistakes import say_mistakes
from bridge.settings.plugins import GROUPS, AnyPlugin, find_plugin
from bridge.settings.sections import (
    BotCommon,
    ChannelCommon,
    DeskSection,
    LogSection,
    Section,
    ServerSection,
    WorkspaceCommon,
)
from bridge.settings.sources import Tree, from_environment, from_toml, only_ours, open_to_others

FILE_NAME = "deskbridge.toml"
COMMON: Mapping[str, type[Section]] = {
    "channels": ChannelCommon,
    "workspaces": WorkspaceCommon,
    "bots": BotCommon,
}
_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")

Adapter = TypeVar("Adapter", bound=ChannelAdapter | WorkspaceAdapter | BotAdapter)
Common = TypeVar("Common", bound=Section)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry(Generic[Common, Adapter]):
    """One configured adapter: its kind, what all of its sort take, and its own settings."""

    plugin: Plugin[BaseModel, Adapter]
    common: Common
    settings: BaseModel


ChannelEntry = Entry[ChannelCommon, ChannelAdapter]
WorkspaceEntry = Entry[WorkspaceCommon, WorkspaceAdapter]
BotEntry = Entry[BotCommon, BotAdapter]


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything that was configured. `file` is None when only the environment spoke."""

    file: Path | None
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    desk: DeskSection
    server: ServerSection
    log: LogSection
    channels: Mapping[str, ChannelEntry]
    workspaces: Mapping[str, WorkspaceEntry]
    bots: Mapping[str, BotEntry]
    secrets: frozenset[str]

    @property
    def data_dir(self) -> Path:
        """Where the desk keeps what is its own, as an absolute path."""
        base = self.file.parent if self.file else Path.cwd()
        return (base / self.desk.data_dir.expanduser()).resolve()

    @property
    def database_url(self) -> str | None:
        """The PostgreSQL database with its password; None for a file in `data_dir`."""
        url = self.desk.database_url
        return None if url is None else url.get_secret_value()

    def again(self) -> "Settings":
        """What would be read now from the same places. Raises `InvalidSettings`."""
        return load(self.file, self.environ)


class Core(BaseSettings):
    """What every desk has; a section that nobody knows is an error."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=True
    )
    desk: DeskSection = DeskSection()
    server: ServerSection = ServerSection()
    log: LogSection = LogSection()


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read, compose and check. Raises `InvalidSettings`, one line for each mistake."""
    environ = only_ours(os.environ if environ is None else environ)
    environment = from_environment(environ)
    file = from_toml(path) if path else {}
    plugins = {section: _plugins(section, file, environment) for section in GROUPS}
    model = _compose(plugins, environment, file)
    try:
        values = model()
    except ValidationError as mistakes:
        raise InvalidSettings("\n".join(say_mistakes(model, mistakes))) from None
    secrets = frozenset(_secrets(values))
    if path and secrets and open_to_others(path) and _secrets_in(file, secrets):
        raise InvalidSettings(
            f"{path.name}: holds secrets and others can read it: chmod 600 {path}"
        )
    settings = _settled(values, plugins, path, environ, secrets)
    _bots_exist(settings)
    return settings


def _plugins(section: str, *trees: Tree) -> dict[str, AnyPlugin]:
    """The plugin of each id, in the order of the file."""
    kinds: dict[str, str] = {}
    for tree in reversed(trees):  # the environment is first, and wins
        tables = tree.get(section, {})
        if not isinstance(tables, dict):
            raise InvalidSettings(f"[{section}]: write one table for each, as [{section}.<id>]")
        for name, table in tables.items():
            if not isinstance(table, dict):
                raise InvalidSettings(
                    f"[{section}] {name}: write it as a table, [{section}.{name}]"
                )
            _check_id(section, name)
            kinds[name] = str(table.get("kind", kinds.get(name, "")))
    for name, kind in kinds.items():
        if not kind:
            raise InvalidSettings(f'[{section}.{name}] kind: missing; add kind = "..."')
    return {name: find_plugin(section, name, kind) for name, kind in kinds.items()}


def _check_id(section: str, name: str) -> None:
    if not _ID.fullmatch(name) or len(name) > 40:
        raise InvalidSettings(
            f"[{section}.{name}]: an id is lower-case letters, digits and single _, "
            "begins with a letter and never changes"
        )


def _compose(
    plugins: Mapping[str, Mapping[str, AnyPlugin]], environment: Tree, file: Tree
) -> type[Core]:
    class Root(Core):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            """The environment wins over the file."""
            return tuple(InitSettingsSource(settings_cls, tree) for tree in (environment, file))

    tables = {section: _table(section, found) for section, found in plugins.items()}
    fields: dict[str, Any] = {  # create_model's own type for fields
        section: (table, table() if not plugins[section] else ...)
        for section, table in tables.items()
    }
    return create_model("Root", __base__=Root, **fields)


def _table(section: str, plugins: Mapping[str, AnyPlugin]) -> type[Section]:
    fields: dict[str, Any] = {  # create_model's own type for fields
        name: (merged(section, plugin), ...) for name, plugin in plugins.items()
    }
    return create_model(section, __base__=Section, **fields)


def merged(section: str, plugin: AnyPlugin) -> type[BaseModel]:
    """What `[<section>.<id>]` of this kind takes: the kind's own keys and the common ones."""
    common = COMMON[section]
    both = common.model_fields.keys() & plugin.settings.model_fields.keys()
    assert not both, f"{plugin.kind} declares {both}, which every one of {section} has"
    return create_model(plugin.kind, __base__=(plugin.settings, common))


def _settled(
    values: Core,
    plugins: Mapping[str, Mapping[str, AnyPlugin]],
    path: Path | None,
    environ: Mapping[str, str],
    secrets: frozenset[str],
) -> Settings:
    entries: dict[str, dict[str, Any]] = {  # three sorts of entries, each with its own types
        section: {
            name: _entry(COMMON[section], plugin, getattr(getattr(values, section), name), path)
            for name, plugin in found.items()
        }
        for section, found in plugins.items()
    }
    return Settings(
        file=path.absolute() if path else None,
        environ=environ,
        desk=values.desk,
        server=values.server,
        log=values.log,
        channels=entries["channels"],
        workspaces=entries["workspaces"],
        bots=entries["bots"],
        secrets=secrets,
    )


def _entry(
    common: type[Common], plugin: AnyPlugin, value: BaseModel, file: Path | None
) -> Entry[Common, Any]:
    given = {name: getattr(value, name) for name in common.model_fields}
    base = file.absolute().parent if file else Path.cwd()
    paths = {
        name: base / found.expanduser()
        for name in type(value).model_fields
        if isinstance(found := getattr(value, name), Path)
    }
    own = value.model_copy(update=paths) if paths else value
    return Entry(plugin=plugin, common=common.model_construct(**given), settings=own)


def _bots_exist(settings: Settings) -> None:
    for name, entry in settings.channels.items():
        if entry.common.bot is not None and entry.common.bot not in settings.bots:
            raise InvalidSettings(
                f"[channels.{name}] bot: there is no [bots.{entry.common.bot}]; "
                f"add that table, or use one of: {', '.join(settings.bots) or '(none yet)'}"
            )


def _secrets(value: object) -> list[str]:
    """Every secret in the tree, so that the log can blot it out."""
    match value:
        case SecretStr():
            return [value.get_secret_value()] if value.get_secret_value() else []
        case BaseModel():
            return [
                found
                for name in type(value).model_fields
                for found in _secrets(getattr(value, name))
            ]
        case dict():
            return [found for each in value.values() for found in _secrets(each)]
        case list() | tuple() | set() | frozenset():
            return [found for each in value for found in _secrets(each)]
        case _:
            return []


def _secrets_in(tree: object, secrets: frozenset[str]) -> bool:
    match tree:
        case str():
            return tree in secrets
        case dict():
            return any(_secrets_in(each, secrets) for each in tree.values())
        case list():
            return any(_secrets_in(each, secrets) for each in tree)
        case _:
            return False
