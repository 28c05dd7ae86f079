"""Fills a template, or says why it cannot be filled, as Meta does."""

import re
from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject, arr, obj, txt
from bridge.simulators.graph.errors import GraphRefusal
from bridge.simulators.graph.records import Number, Template
from bridge.simulators.graph.world import World

_SLOT = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_MEDIA = frozenset({"IMAGE", "VIDEO", "DOCUMENT"})


def filled(world: World, number: Number, use: Mapping[str, Json]) -> JsonObject:
    """The template as the customer reads it (`shown`, and its `parts`), beside what was asked."""
    template = _find(world, number, txt(use.get("name")), txt(obj(use.get("language")).get("code")))
    given = [obj(each) for each in arr(use.get("components"))]
    parts: dict[str, str] = {}
    replies: list[Json] = []
    others: list[Json] = []
    for component in template.components:
        kind = txt(component.get("type")).upper()
        if kind == "HEADER":
            parts["header"] = _header(template, component, _of(given, "header"))
        elif kind == "BODY":
            parts["body"] = _words(template, txt(component.get("text")), _of(given, "body"))
        elif kind == "FOOTER":
            parts["footer"] = txt(component.get("text"))
        elif kind == "BUTTONS":
            replies += _buttons(component, given)
            others += _links(component)
    words = "\n".join(part for part in parts.values() if part)
    return {**use, "shown": words, "parts": parts, "quick_replies": replies, "links": others}


def _find(world: World, number: Number, name: str, language: str) -> Template:
    for one in world.templates.values():
        if (one.waba, one.name, one.language) == (number.waba, name, language):
            if one.status == "PAUSED":
                raise GraphRefusal(132015, "The template is paused.")
            if one.status == "APPROVED":
                return one
    raise GraphRefusal(132001, f"template name ({name}) does not exist in {language}")


def _of(given: list[Mapping[str, Json]], kind: str) -> list[Mapping[str, Json]]:
    for each in given:
        if txt(each.get("type")).lower() == kind:
            return [obj(one) for one in arr(each.get("parameters"))]
    return []


def _header(template: Template, component: JsonObject, values: list[Mapping[str, Json]]) -> str:
    format_ = txt(component.get("format")).upper() or "TEXT"
    if format_ == "TEXT":
        return _words(template, txt(component.get("text")), values)
    if len(values) != 1:
        raise GraphRefusal(132012, f"header: expected one {format_} parameter")
    kind = txt(values[0].get("type"))
    said = obj(values[0].get(kind))
    if kind.upper() != format_:
        raise GraphRefusal(132012, f"header: Format mismatch, expected {format_}, received {kind}")
    if format_ in _MEDIA and not (said.get("link") or said.get("id")):
        raise GraphRefusal(132012, "header: a link or an id is needed")
    if format_ == "LOCATION" and not (said.get("latitude") and said.get("longitude")):
        raise GraphRefusal(132012, "header: a latitude and a longitude are needed")
    return f"[{kind}]"


def _words(template: Template, text: str, values: list[Mapping[str, Json]]) -> str:
    slots = list(dict.fromkeys(_SLOT.findall(text)))
    if len(slots) != len(values):
        count = f"number of params ({len(values)}) does not match the expected ({len(slots)})"
        raise GraphRefusal(132000, f"body: {count}")
    if template.named:
        named = {txt(each.get("parameter_name")): txt(each.get("text")) for each in values}
        if set(named) != set(slots):
            raise GraphRefusal(132012, "body: Parameter name is missing or empty")
    else:
        named = {slot: txt(each.get("text")) for slot, each in zip(slots, values, strict=True)}
    if any(not value.strip() or "\n" in value or "    " in value for value in named.values()):
        raise GraphRefusal(132012, "body: Param text cannot be empty, have new lines or 4 spaces")
    return _SLOT.sub(lambda found: named[found.group(1)], text)


def _buttons(component: JsonObject, given: list[Mapping[str, Json]]) -> list[str]:
    replies: list[str] = []
    for index, each in enumerate(arr(component.get("buttons"))):
        button = obj(each)
        kind = txt(button.get("type")).upper()
        if kind == "QUICK_REPLY":
            replies.append(txt(button.get("text")))
        needs = kind == "COPY_CODE" or (kind == "URL" and "{{" in txt(button.get("url")))
        if needs and not _given_for(given, index):
            raise GraphRefusal(131008, f"Button at index {index} needs a parameter")
    return replies


def _links(component: JsonObject) -> list[str]:
    """What the other buttons are called; they answer nothing."""
    buttons = [obj(each) for each in arr(component.get("buttons"))]
    return [
        txt(each.get("text"))
        for each in buttons
        if txt(each.get("type")).upper() != "QUICK_REPLY" and each.get("text")
    ]


def _given_for(given: list[Mapping[str, Json]], index: int) -> bool:
    return any(
        txt(each.get("type")).lower() == "button"
        and str(each.get("index")) == str(index)
        and bool(arr(each.get("parameters")))
        for each in given
    )
