"""The arguments of a call, however the client sent them."""

from collections.abc import Mapping, Sequence

from bridge.simulators.common.wire import Json, JsonObject, arr, load, obj
from bridge.simulators.slack.errors import SlackRefused, invalid


class Args:
    """Query, form and JSON body in one; objects may have come as JSON in a string."""

    def __init__(self, values: Mapping[str, Json]) -> None:
        self.values = dict(values)

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers are taken as they are written."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool | Sequence | Mapping):
            return value if isinstance(value, str) else default
        return str(value)

    def need(self, name: str) -> str:
        """A string that must be there. Raises `invalid_arguments`."""
        value = self.text(name)
        if not value:
            raise invalid("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """`true`, `"true"`, `1` and `"1"` are yes."""
        value = self.values.get(name)
        if value is None:
            return default
        return value is True or str(value).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        """A whole number. Raises `invalid_arguments`."""
        value = self.text(name)
        if not value:
            return default
        try:
            return int(value)
        except ValueError as e:
            raise invalid("invalid_arguments", [f"must be an integer: {name}"]) from e

    def limit(self, default: int, most: int) -> int:
        """How many results a page may have. Raises `invalid_limit`."""
        asked = self.number("limit", default)
        if asked < 0 or asked > most:
            raise SlackRefused("invalid_limit")
        return asked or default

    def has(self, name: str) -> bool:
        """Whether it was given at all."""
        return self.values.get(name) is not None

    def json(self, name: str, error: str = "invalid_json") -> Json:
        """An object or a list. Raises `error` when the string that came is no JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return load(value) if value else None
        except ValueError as e:
            raise SlackRefused(error) from e

    def objects(self, name: str, error: str) -> tuple[Json, ...]:
        """A list of objects, empty where nothing came."""
        return tuple(arr(self.json(name, error)))

    def object(self, name: str, error: str = "invalid_json") -> JsonObject | None:
        """An object, or None where nothing came."""
        value = self.json(name, error)
        return dict(obj(value)) if value is not None else None
