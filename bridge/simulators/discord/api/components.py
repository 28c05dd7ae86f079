"""Buttons, menus and text fields: what Discord refuses."""

from collections.abc import Iterator, Mapping, Sequence

from bridge.simulators.common.wire import Json, arr, obj, txt
from bridge.simulators.discord.errors import Form

ROW, BUTTON, SELECT, INPUT, LABEL, UPLOAD = 1, 2, 3, 4, 18, 19
USERS, ROLES, MENTIONABLES, CHANNELS = 5, 6, 7, 8
MENUS = frozenset({SELECT, USERS, ROLES, MENTIONABLES, CHANNELS})
LINK = 5
"""The style of a button that only opens an address."""


def inside(components: Sequence[Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Everything somebody can use, with its path; rows, labels and containers are opened."""
    for n, one in enumerate(components):
        yield from _walk(f"components.{n}", obj(one))


def _walk(path: str, one: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for n, child in enumerate(arr(one.get("components"))):
        yield from _walk(f"{path}.components.{n}", obj(child))
    for name in ("component", "accessory"):
        if one.get(name) is not None:
            yield from _walk(f"{path}.{name}", obj(one.get(name)))
    if one.get("type") in {BUTTON, INPUT, UPLOAD, *MENUS}:
        yield path, one


def check_components(components: Sequence[Json], form: Form) -> None:
    """The components of a message."""
    rows = [obj(one) for one in components]
    if all(one.get("type") == ROW for one in rows):
        form.length("components", rows, 0, 5)
    for n, row in enumerate(rows):
        if row.get("type") == ROW:
            _check_row(f"components.{n}.components", row, form)
    _check_ids(components, form)
    for path, one in inside(components):
        _check_one(path, one, form)


def _check_row(path: str, row: Mapping[str, Json], form: Form) -> None:
    children = [obj(one) for one in arr(row.get("components"))]
    has_menu = any(one.get("type") in MENUS for one in children)
    form.length(path, children, 1, 1 if has_menu else 5)


def _check_ids(components: Sequence[Json], form: Form) -> None:
    seen: set[str] = set()
    for path, one in inside(components):
        custom_id = txt(one.get("custom_id"))
        if custom_id in seen:
            wrong = "Component custom id cannot be duplicated"
            form.wrong(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", wrong)
        if custom_id:
            seen.add(custom_id)


def _check_one(path: str, one: Mapping[str, Json], form: Form) -> None:
    is_link = one.get("type") == BUTTON and one.get("style") == LINK
    if not is_link:
        form.required(f"{path}.custom_id", one.get("custom_id"))
    form.length(f"{path}.custom_id", one.get("custom_id"), 1, 100)
    form.length(f"{path}.placeholder", one.get("placeholder"), 0, 150)
    if one.get("type") == BUTTON:
        form.length(f"{path}.label", one.get("label"), 0, 80)
        form.one_of(f"{path}.style", one.get("style"), (1, 2, 3, 4, 5, 6))
    if one.get("type") == SELECT:
        _check_options(f"{path}.options", list(arr(one.get("options"))), form)


def _check_options(path: str, options: list[Json], form: Form) -> None:
    form.length(path, options, 1, 25)
    values = [txt(obj(one).get("value")) for one in options]
    if len(set(values)) < len(values):
        wrong = "The specified option value is already used"
        form.wrong(path, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", wrong)
    for n, option in enumerate(options):
        for name in ("label", "value"):
            form.required(f"{path}.{n}.{name}", obj(option).get(name))
            form.length(f"{path}.{n}.{name}", obj(option).get(name), 1, 100)
        form.length(f"{path}.{n}.description", obj(option).get("description"), 0, 100)


def check_modal(modal: Mapping[str, Json], form: Form) -> None:
    """A form: 1 to 5 parts, each a labelled field or a row with one."""
    components = list(arr(modal.get("components")))
    for name, most in (("custom_id", 100), ("title", 45)):
        form.required(name, modal.get(name))
        form.length(name, modal.get(name), 1, most)
    form.length("components", components, 1, 5)
    _check_ids(components, form)
    for n, part in enumerate(components):
        path, label = f"components.{n}", obj(part)
        if label.get("type") == LABEL:
            form.required(f"{path}.label", label.get("label"))
            form.length(f"{path}.label", label.get("label"), 1, 45)
            form.length(f"{path}.description", label.get("description"), 0, 100)
    for path, one in inside(components):
        _check_field(path, one, form)


def _check_field(path: str, one: Mapping[str, Json], form: Form) -> None:
    form.required(f"{path}.custom_id", one.get("custom_id"))
    form.length(f"{path}.custom_id", one.get("custom_id"), 1, 100)
    if one.get("type") == INPUT:
        form.length(f"{path}.label", one.get("label"), 1, 45)
        form.length(f"{path}.placeholder", one.get("placeholder"), 0, 100)
        form.length(f"{path}.value", one.get("value"), 0, 4_000)
        form.one_of(f"{path}.style", one.get("style"), (1, 2))
    elif one.get("type") == BUTTON:
        form.wrong(path, "COMPONENT_TYPE_INVALID", "Buttons do not stand in a modal")
    elif one.get("type") == SELECT:
        _check_options(f"{path}.options", list(arr(one.get("options"))), form)
