"""What somebody did, where, and how he can be answered: read from Discord's interactions; pure.

Shapes: discord.com/developers/docs/interactions/receiving-and-responding, read November 2026.
"""

import re
from collections.abc import Iterator, Mapping
from enum import IntEnum

from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.receiving.payloads import Attachment, attachment_of
from bridge.adapters.workspaces.discord.refs import made_at
from bridge.adapters.workspaces.discord.surfaces.kit import PRIVATE, UPLOAD
from bridge.domain.ids import Instant, RoomRef, SourceKey, ThreadRef
from bridge.domain.value import Value

_THREADS = frozenset({10, 11, 12})
_MENTION = re.compile(r"<@!(\d+)>")
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")


class Did(IntEnum):
    """The types of interactions."""

    COMMAND = 2
    PRESS = 3
    TYPES = 4
    FORM = 5


class Occasion(Value):
    """One thing that somebody did.

    `key` is the same when Discord tells of it again. `name` is the command's, or the custom id of
    what was used. `private` says that it was used in an answer that one person sees, so that what
    comes of it goes in its place. `focused` is the option that is being typed. `target` is the
    message whose menu was used, `message` what stands in it. `files` are those of a form's fields.
    """

    did: Did
    id: str
    token: str
    application: str
    name: str
    channel: str = ""
    parent: str = ""
    private: bool = False
    options: dict[str, str] = {}
    values: tuple[str, ...] = ()
    focused: str = ""
    target: str = ""
    message: str = ""
    files: dict[str, Attachment] = {}

    @property
    def key(self) -> SourceKey:
        """Every gesture has an id of its own."""
        return SourceKey(f"act:{self.id}")

    @property
    def at(self) -> Instant:
        """When it was done."""
        return made_at(self.id)

    @property
    def thread(self) -> ThreadRef | None:
        """The thread that it was done in."""
        return ThreadRef(self.channel) if self.parent else None

    @property
    def room(self) -> RoomRef | None:
        """The room that it was done in."""
        place = self.parent or self.channel
        return RoomRef(place) if place else None


def occasion_of(payload: Json) -> Occasion | None:
    """The occasion of an INTERACTION_CREATE; None for a kind that we do not offer."""
    kind, data = payload.get("type"), _object(payload, "data")
    if kind not in tuple(Did):
        return None
    channel = _object(payload, "channel")
    message = _object(payload, "message")
    leaves = tuple(_leaves(data))
    focused = next((str(each.get("name")) for each in leaves if each.get("focused")), "")
    return Occasion(
        did=Did(kind),
        id=str(payload.get("id")),
        token=str(payload.get("token")),
        application=str(payload.get("application_id")),
        name=str(data.get("name") or data.get("custom_id") or ""),
        channel=str(payload.get("channel_id") or channel.get("id") or ""),
        parent=str(channel.get("parent_id") or "") if channel.get("type") in _THREADS else "",
        private=bool(message) and _is_private(message, payload),
        options=_fields(data) if kind == Did.FORM else dict(map(_given, leaves)),
        values=tuple(map(str, data.get("values") or ())),
        focused=focused,
        target=str(data.get("target_id") or ""),
        message=_words_of_target(data),
        files=_files(data) if kind == Did.FORM else {},
    )


def _is_private(message: Json, payload: Json) -> bool:
    """A direct message of ours is private, too."""
    return bool(int(message.get("flags") or 0) & PRIVATE) or not payload.get("guild_id")


def _leaves(data: Json) -> Iterator[Json]:
    for option in data.get("options") or ():
        if option.get("options"):
            yield from _leaves(option)
        elif "value" in option:
            yield option


def _given(option: Json) -> tuple[str, str]:
    return str(option["name"]), words(str(option["value"]))


def _fields(data: Json) -> dict[str, str]:
    """What stands in a form, by the names of its fields; an empty one says that it is empty."""
    fields = _every_field(data)
    return {
        str(field["custom_id"]): _filled(field) for field in fields if field.get("type") != UPLOAD
    }


def _every_field(data: Json) -> Iterator[Json]:
    for part in data.get("components") or ():
        for field in (_object(part, "component"), *(part.get("components") or ())):
            if "custom_id" in field:
                yield field


def _files(data: Json) -> dict[str, Attachment]:
    """The file of each field that has one."""
    known = _object(_object(data, "resolved"), "attachments")
    found = {}
    for field in _every_field(data):
        for id_ in field.get("values") or () if field.get("type") == UPLOAD else ():
            file = attachment_of(known.get(str(id_)))
            if file is not None:
                found[str(field["custom_id"])] = file
    return found


def _filled(field: Mapping[str, object]) -> str:
    values = field.get("values")
    if isinstance(values, list):
        return str(values[0]) if values else ""
    return words(str(field.get("value") or ""))


def _words_of_target(data: Json) -> str:
    resolved = _object(_object(data, "resolved"), "messages")
    message = _object(resolved, str(data.get("target_id")))
    return words(str(message.get("content") or ""))


def words(text: str) -> str:
    """The text as commands are written: people `<@id>`, rooms `<#id>`, emoji by their names."""
    return _EMOJI.sub(r"\1", _MENTION.sub(r"<@\1>", text)).strip()


def _object(payload: Json, name: str) -> Json:
    value = payload.get(name)
    return value if isinstance(value, dict) else {}
