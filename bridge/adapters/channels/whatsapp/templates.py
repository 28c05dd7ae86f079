"""Meta's templates: their text with one variable for each slot, and the slots filled again. Pure.

A template has a header (text, a file, a place), a body, a footer and buttons. All of it becomes
one text for people; a slot outside the body is named after where it stands (`header_image`,
`button_1`), so that a form can be made of the text alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import FileId
from bridge.domain.template import Takes, Variable, file_in
from bridge.domain.value import Value
from bridge.ports.channel import OfferedTemplate

_SLOT = re.compile(r"\{\{\s*([A-Za-z0-9_]{1,32})\s*\}\}")
_MEDIA = frozenset({"IMAGE", "VIDEO", "DOCUMENT"})
_SENDABLE = frozenset({"QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE", "VOICE_CALL"})
_PARTS = frozenset({"HEADER", "BODY", "FOOTER", "BUTTONS"})


class Button(msgspec.Struct):
    """What stands under a template."""

    type: str = ""
    text: str = ""
    url: str = ""


class Component(msgspec.Struct):
    """One part of a template."""

    type: str = ""
    format: str = ""
    text: str = ""
    buttons: list[Button] = []


class Listed(msgspec.Struct):
    """A template as Graph lists it."""

    name: str
    language: str
    status: str = ""
    category: str = ""
    parameter_format: str = ""
    components: list[Component] = []


class Slot(Value):
    """One gap of a template. `name` is ours, `parameter` Meta's where it asks for one.

    `about` is the label of the button that it belongs to.
    """

    name: str
    part: str
    takes: Takes
    index: int = 0
    parameter: str = ""
    about: str = ""


class Read(Value):
    """A template ready to be offered and to be sent."""

    name: str
    language: str
    body: str
    category: str
    sendable: bool
    slots: tuple[Slot, ...] = ()

    def offered(self) -> OfferedTemplate:
        """As the desk knows it."""
        return OfferedTemplate(
            name=self.name,
            language=self.language,
            body=self.body,
            category=self.category,
            approved=self.sendable,
            special=tuple(
                Variable(name=slot.name, takes=slot.takes, about=slot.about)
                for slot in self.slots
                if slot.takes is not Takes.TEXT
            ),
        )


def read(listed: Listed) -> Read:
    """The template with its text and its slots, in the order in which they stand there."""
    named = listed.parameter_format.upper() == "NAMED"
    parts = sorted(listed.components, key=_order)
    lines: list[str] = []
    slots: list[Slot] = []
    for part in parts:
        for line, found in _part(part, named):
            lines.append(line)
            slots += found
    known = all(part.type.upper() in _PARTS for part in parts) and all(
        button.type.upper() in _SENDABLE for part in parts for button in part.buttons
    )
    return Read(
        name=listed.name,
        language=listed.language,
        body="\n".join(line for line in lines if line),
        category=listed.category.lower() or "utility",
        sendable=known and listed.status.upper() == "APPROVED",
        slots=tuple({slot.name: slot for slot in slots}.values()),
    )


def _order(part: Component) -> int:
    order = ("HEADER", "BODY", "FOOTER", "BUTTONS")
    return order.index(part.type.upper()) if part.type.upper() in order else len(order)


def _part(part: Component, named: bool) -> Iterator[tuple[str, list[Slot]]]:
    kind = part.type.upper()
    if kind == "HEADER" and part.format.upper() in _MEDIA:
        media = part.format.lower()
        name = f"header_{media}"
        yield f"{{{{{name}}}}}", [Slot(name=name, part="header", takes=Takes(media))]
    elif kind == "HEADER" and part.format.upper() == "LOCATION":
        name = "header_location"
        yield f"{{{{{name}}}}}", [Slot(name=name, part="header", takes=Takes.PLACE)]
    elif kind == "HEADER":
        yield _text(part.text, "header", "header_", named)
    elif kind == "BUTTONS":
        for index, button in enumerate(part.buttons):
            yield _button(button, index)
    elif kind == "BODY":
        yield _text(part.text, "body", "", named)
    else:
        yield part.text, []


def _text(text: str, part: str, prefix: str, named: bool) -> tuple[str, list[Slot]]:
    slots = [
        Slot(name=f"{prefix}{found}", part=part, takes=Takes.TEXT, parameter=found if named else "")
        for found in dict.fromkeys(_SLOT.findall(text))
    ]
    return _SLOT.sub(lambda found: f"{{{{{prefix}{found.group(1)}}}}}", text), slots


def _button(button: Button, index: int) -> tuple[str, list[Slot]]:
    name, kind = f"button_{index + 1}", button.type.upper()
    if kind == "COPY_CODE":
        slot = Slot(name=name, part="button", takes=Takes.CODE, index=index, about=button.text)
        return f"[{button.text or 'code'}: {{{{{name}}}}}]", [slot]
    if kind == "URL" and _SLOT.search(button.url):
        slot = Slot(name=name, part="button", takes=Takes.LINK_END, index=index, about=button.text)
        url = _SLOT.sub(lambda _: f"{{{{{name}}}}}", button.url, count=1)
        return f"[{button.text}: {url}]", [slot]
    return f"[{button.text}]" if button.text else "", []


# --- filled again -----------------------------------------------------------------------------


def files_of(template: Read, values: Sequence[str]) -> dict[str, tuple[Takes, FileId]]:
    """The files of ours that have to be uploaded before, by their slots."""
    pairs = zip(template.slots, values, strict=False)
    found = ((slot, file_in(value)) for slot, value in pairs if slot.takes.is_file)
    return {slot.name: (slot.takes, file) for slot, file in found if file is not None}


def payload(
    template: Read, values: Sequence[str], media: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, object]:
    """The `template` of a call; `media` are the uploaded files, by their slots.

    Raises `DeliveryRejected` for values that do not fit.
    """
    uploaded = media or {}
    if len(values) != len(template.slots):
        raise _misfit(f"{len(values)} values for {len(template.slots)} slots")
    given = list(zip(template.slots, values, strict=True))
    components: list[dict[str, object]] = []
    for part in ("header", "body"):
        parameters = [
            _parameter(slot, value, uploaded) for slot, value in given if slot.part == part
        ]
        if parameters:
            components.append({"type": part, "parameters": parameters})
    components += [_pressable(slot, value) for slot, value in given if slot.part == "button"]
    said: dict[str, object] = {"name": template.name, "language": {"code": template.language}}
    return {**said, "components": components} if components else said


def _parameter(slot: Slot, value: str, media: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    if slot.takes.is_file:
        kind = slot.takes.value
        return {"type": kind, kind: dict(media.get(slot.name) or {"link": _link(slot, value)})}
    if slot.takes is Takes.PLACE:
        return {"type": "location", "location": _place(value)}
    words: dict[str, object] = {"type": "text", "text": _one_line(value)}
    return {**words, "parameter_name": slot.parameter} if slot.parameter else words


def _link(slot: Slot, value: str) -> str:
    link = value.strip()
    if not link.startswith("https://"):
        raise _misfit(f"{slot.name} needs a file, or an address that begins with https://")
    return link


def _pressable(slot: Slot, value: str) -> dict[str, object]:
    said = _one_line(value)
    if slot.takes is Takes.CODE:
        sub_type, parameter = "copy_code", {"type": "coupon_code", "coupon_code": said}
    else:
        sub_type, parameter = "url", {"type": "text", "text": said}
    return {
        "type": "button",
        "sub_type": sub_type,
        "index": str(slot.index),
        "parameters": [parameter],
    }


def _one_line(value: str) -> str:
    """Meta takes no line breaks, tabs or runs of blanks in a value."""
    words = " ".join(value.split())
    if not words:
        raise _misfit("a value is empty")
    return words


def _place(value: str) -> dict[str, object]:
    """`latitude, longitude, name, address`."""
    parts = [part.strip() for part in value.split(",", 3)]
    try:
        latitude, longitude = float(parts[0]), float(parts[1])
    except (IndexError, ValueError) as error:
        raise _misfit("a place is: latitude, longitude, name, address") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise _misfit("there is no such place")
    place: dict[str, object] = {"latitude": str(latitude), "longitude": str(longitude)}
    return place | dict(zip(("name", "address"), parts[2:], strict=False))


def _misfit(message: str) -> DeliveryRejected:
    return DeliveryRejected(message, "whatsapp_template_value")
