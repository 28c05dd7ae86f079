"""Filling in a form."""

from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject, arr, obj
from bridge.simulators.discord.api.components import INPUT, LABEL, MENUS, UPLOAD, inside
from bridge.simulators.discord.house import CannotDo
from bridge.simulators.discord.state.records import Modal


def filled_form(modal: Modal, values: Mapping[str, Json]) -> list[Json]:
    """The form's parts with what was filled in. Raises `CannotDo` as the screen would."""
    fields = {str(one.get("custom_id")): one for _, one in inside(modal.components)}
    unknown = set(values) - set(fields)
    if unknown:
        raise CannotDo(f"the form has {', '.join(fields)}, not {', '.join(sorted(unknown))}")
    return [_part(obj(one), values) for one in modal.components]


def _part(part: Mapping[str, Json], values: Mapping[str, Json]) -> JsonObject:
    if part.get("type") == LABEL:
        inner = _field(obj(part.get("component")), values)
        return {"type": LABEL, "id": 1, "component": inner}
    children: list[Json] = [_field(obj(one), values) for one in arr(part.get("components"))]
    return {"type": part.get("type"), "id": 1, "components": children}


def _field(field: Mapping[str, Json], values: Mapping[str, Json]) -> JsonObject:
    custom_id, kind = str(field.get("custom_id")), field.get("type")
    given = values.get(custom_id)
    answer: JsonObject = {"type": kind, "id": 2, "custom_id": custom_id}
    if kind in MENUS:
        chosen = list(arr(given)) if not isinstance(given, str) else [given]
        if field.get("required", True) and not chosen:
            raise CannotDo(f"{custom_id!r} wants a choice")
        return {**answer, "values": chosen}
    if kind == UPLOAD:
        files = list(arr(given))
        if len(files) < (1 if field.get("required", True) else 0):
            raise CannotDo(f"{custom_id!r} wants a file")
        if len(files) > (most if isinstance(most := field.get("max_values"), int) else 1):
            raise CannotDo(f"{custom_id!r} takes no more than {most} files")
        return {**answer, "values": files}
    text = str(given) if given is not None else str(field.get("value") or "")
    if kind == INPUT:
        _check_text(custom_id, field, text)
    return {**answer, "value": text}


def _check_text(custom_id: str, field: Mapping[str, Json], text: str) -> None:
    least, most = field.get("min_length"), field.get("max_length")
    if field.get("required", True) and not text:
        raise CannotDo(f"{custom_id!r} must be filled in")
    if text and isinstance(least, int) and len(text) < least:
        raise CannotDo(f"{custom_id!r} wants {least} characters or more")
    if len(text) > (most if isinstance(most, int) else 4_000):
        raise CannotDo(f"{custom_id!r} takes {most} characters or fewer")
