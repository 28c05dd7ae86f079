"""Names what differs between two readings of the settings; never a value: it may be a secret."""

from collections.abc import Iterator

from pydantic import BaseModel

from bridge.settings.load import BotEntry, ChannelEntry, Settings, WorkspaceEntry

_SECTIONS = ("desk", "server", "log")
_ADAPTERS = ("channels", "workspaces", "bots")

AnyEntry = ChannelEntry | WorkspaceEntry | BotEntry


def changed_keys(before: Settings, after: Settings) -> list[str]:
    """Every key that differs, as `[channels.webchat] origins`; a table that came or went whole."""
    return [*_sections(before, after), *_tables(before, after)]


def _sections(before: Settings, after: Settings) -> Iterator[str]:
    for name in _SECTIONS:
        for key in _keys(getattr(before, name), getattr(after, name)):
            yield f"[{name}] {key}"


def _tables(before: Settings, after: Settings) -> Iterator[str]:
    for section in _ADAPTERS:
        old, new = entries(before, section), entries(after, section)
        for name in dict.fromkeys((*old, *new)):
            place = f"[{section}.{name}]"
            if name not in old or name not in new:
                yield place
                continue
            for key in _entry_keys(old[name], new[name]):
                yield f"{place} {key}"


def entries(settings: Settings, section: str) -> dict[str, AnyEntry]:
    """The adapters of one sort, by id."""
    return dict(getattr(settings, section))


def _entry_keys(old: AnyEntry, new: AnyEntry) -> Iterator[str]:
    if old.plugin.kind != new.plugin.kind:
        yield "kind"
        return
    common = list(_keys(old.common, new.common))
    yield from common
    yield from (key for key in _keys(old.settings, new.settings) if key not in common)


def _keys(old: BaseModel, new: BaseModel) -> Iterator[str]:
    for key in type(old).model_fields:
        if getattr(old, key) != getattr(new, key):
            yield key
