"""Finding what can be clicked, and saying what was chosen in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridge.simulators.common.wire import Json, JsonObject, arr, obj, txt
from bridge.simulators.slack.acts.house import CannotDo


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """An element and the block that it stands in."""

    block_id: str
    element: Mapping[str, Json]
    block: Mapping[str, Json]

    @property
    def action_id(self) -> str:
        """Its name for the app."""
        return txt(self.element.get("action_id"))

    @property
    def kind(self) -> str:
        """`button`, `overflow`, `external_select`, …"""
        return txt(self.element.get("type"))

    @property
    def in_input(self) -> bool:
        """A field of a form: choosing something tells the app nothing yet."""
        return self.block.get("type") == "input" and not self.block.get("dispatch_action")


def elements(blocks: Sequence[Json]) -> Iterator[Placed]:
    """Everything in the blocks that a person can use."""
    for one in blocks:
        block = obj(one)
        inside = [*arr(block.get("elements")), block.get("accessory"), block.get("element")]
        for child in inside:
            element = obj(child)
            if element.get("action_id"):
                yield Placed(block_id=txt(block.get("block_id")), element=element, block=block)


def find(
    blocks: Sequence[Json], action_id: str, value: str | None = None, block_id: str | None = None
) -> Placed:
    """The element with this action id (and value, and block): several blocks may use one id.

    Raises `CannotDo` with what is there.
    """
    there = list(elements(blocks))
    for one in there:
        here = one.action_id == action_id and block_id in (None, one.block_id)
        if here and value in (None, one.element.get("value")):
            return one
    names = ", ".join(f"{one.action_id}={one.element.get('value')}" for one in there)
    wanted = f"{action_id!r} {value or ''}"
    raise CannotDo(f"nothing to use with {wanted}; there is: {names or 'nothing'}")


def option(placed: Placed, value: str) -> JsonObject:
    """The entry of a menu with this value or text. Raises `CannotDo` with the entries."""
    every = [*arr(placed.element.get("options"))]
    for group in arr(placed.element.get("option_groups")):
        every += arr(obj(group).get("options"))
    for entry in every:
        text = txt(obj(obj(entry).get("text")).get("text"))
        if value in (obj(entry).get("value"), text):
            return dict(obj(entry))
    values = ", ".join(str(obj(entry).get("value")) for entry in every)
    raise CannotDo(f"{placed.action_id} has no {value!r}; it has: {values}")


def chosen(placed: Placed, value: Json) -> JsonObject:
    """What Slack says of an element in which somebody chose or typed `value`.

    A menu's entry may be given by its value, its text or as the whole option.
    """
    kind = placed.kind
    base: JsonObject = {"type": kind}
    if kind.startswith("multi_") or kind == "checkboxes":
        return base | _several(placed, kind, arr(value) if not isinstance(value, str) else [value])
    if kind in ("static_select", "radio_buttons", "overflow", "external_select"):
        return base | {"selected_option": _entry(placed, value) if value is not None else None}
    if kind == "file_input":
        return base | {"files": list(arr(value))}
    simple = {
        "users_select": "selected_user",
        "conversations_select": "selected_conversation",
        "channels_select": "selected_channel",
        "datepicker": "selected_date",
        "timepicker": "selected_time",
        "datetimepicker": "selected_date_time",
        "rich_text_input": "rich_text_value",
    }
    return base | {simple.get(kind, "value"): value}


def _several(placed: Placed, kind: str, values: Sequence[Json]) -> JsonObject:
    if kind in ("multi_static_select", "multi_external_select", "checkboxes"):
        return {"selected_options": [_entry(placed, one) for one in values]}
    name = kind.removeprefix("multi_").removesuffix("_select")
    return {f"selected_{name}": list(values)}


def _entry(placed: Placed, value: Json) -> JsonObject:
    if isinstance(value, Mapping):
        return dict(value)
    if placed.kind in ("external_select", "multi_external_select"):
        raise CannotDo(f"search in {placed.action_id} first and give the option found")
    return option(placed, txt(value))


def held(blocks: Sequence[Json], filled: Mapping[str, Json]) -> JsonObject:
    """What every field of the blocks holds (`state.values`). Raises `CannotDo` for others."""
    state: dict[str, JsonObject] = {}
    used: set[str] = set()
    for placed in elements(blocks):
        if placed.kind in ("button", "overflow"):
            continue
        given = {placed.action_id, placed.block_id} & set(filled)
        used |= given
        value = filled[min(given)] if given else initial(placed)
        state.setdefault(placed.block_id, {})[placed.action_id] = chosen(placed, value)
    if set(filled) - used:
        raise CannotDo(f"no such fields: {sorted(set(filled) - used)}")
    return dict(state)


def initial(placed: Placed) -> Json:
    """What the element holds before anybody touched it."""
    for name in (
        "initial_value", "initial_option", "initial_options", "initial_user", "initial_users",
        "initial_conversation", "initial_channel", "initial_date", "initial_time",
        "initial_date_time",
    ):  # fmt: skip
        if name in placed.element:
            return placed.element[name]
    return None
