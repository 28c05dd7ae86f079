"""Whether a value is what the Bot API says it must be."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from bridge.simulators.common.wire import Json, JsonObject, arr

_ARRAY = "Array of "
FILE = "InputFile"
ATTACHED = "attach://"


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a method, or a field of a type."""

    types: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """What a method takes, or what a type consists of."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    subtypes: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    """Of a method."""


class Spec:
    """All methods and types, as of one version of the Bot API."""

    def __init__(self, said: JsonObject) -> None:
        """Read what `bot_api.json` says."""
        self.version = str(said["version"])
        self.methods = _shapes(said["methods"])
        self.types = _shapes(said["types"])
        self._names = {name.lower(): name for name in self.methods}

    def method(self, name: str) -> str | None:
        """A method by its name, whose case does not matter; None when there is none."""
        return self._names.get(name.lower())

    def problems(self, types: Sequence[str], value: Json, path: str) -> list[str]:
        """What is wrong with a value that may be of any of these types."""
        tried = [self._problems_of(one, value, path) for one in types]
        if any(not each for each in tried):
            return []
        fitting = [each for each in tried if not each[0].startswith(f"{path} must be ")]
        return min(fitting or tried, key=len)

    def _problems_of(self, type_: str, value: Json, path: str) -> list[str]:
        if type_.startswith(_ARRAY):
            return self._problems_of_array(type_.removeprefix(_ARRAY), value, path)
        if type_ in _PLAIN:
            return [] if _PLAIN[type_](value) else [f"{path} must be {type_}"]
        if not isinstance(value, Mapping):
            return [f"{path} must be {type_}"]
        shape = self.types.get(type_)
        if shape is None:
            return [f"{path} must be {type_}, which nobody knows"]
        if shape.subtypes:
            return self.problems(shape.subtypes, value, path)
        return self.misfits(shape, value, path)

    def _problems_of_array(self, inner: str, value: Json, path: str) -> list[str]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            return [f"{path} must be {_ARRAY}{inner}"]
        return [
            problem
            for index, each in enumerate(value)
            for problem in self.problems([inner], each, f"{path}[{index}]")
        ]

    def misfits(self, shape: Shape, value: Mapping[str, Json], path: str) -> list[str]:
        """Fields that are missing, unknown or wrong."""
        begin = f"{path}." if path else ""
        found = [
            f"{begin}{name} is required"
            for name, about in shape.fields.items()
            if about.required and name not in value
        ]
        for name, each in value.items():
            if name in shape.fields:
                found += self.problems(shape.fields[name].types, each, f"{begin}{name}")
            else:
                found.append(f"{begin}{name} is unknown")
        return found


_PLAIN = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    FILE: lambda value: isinstance(value, str) and value.startswith(ATTACHED),
}


def _shapes(said: Json) -> dict[str, Shape]:
    assert isinstance(said, Mapping)
    return {name: _shape(each) for name, each in said.items()}


def _shape(said: Json) -> Shape:
    assert isinstance(said, Mapping)
    fields = said.get("fields", {})
    assert isinstance(fields, Mapping)
    return Shape(
        {name: _field(each) for name, each in fields.items()},
        _names(said.get("subtypes")),
        _names(said.get("returns")),
    )


def _names(said: Json) -> tuple[str, ...]:
    return tuple(str(one) for one in arr(said))


def _field(said: Json) -> Field:
    assert isinstance(said, Mapping)
    return Field(_names(said["types"]), bool(said["required"]))


@cache
def spec() -> Spec:
    """The Bot API that is simulated."""
    file = files("bridge.simulators.telegram.spec").joinpath("bot_api.json")
    return Spec(json.loads(file.read_text("utf-8")))
