"""What is sent has the shape of Meta's own examples."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from bridge.adapters.channels.whatsapp.client import Answer
from bridge.adapters.channels.whatsapp.outbound import message, seen, upload
from bridge.adapters.channels.whatsapp.templates import Component, Listed, payload, read
from bridge.domain.content import (
    Choice,
    ContactCard,
    Content,
    File,
    FileKind,
    Location,
    TemplateUse,
)
from bridge.domain.errors import DeliveryRejected, NotSupported
from bridge.domain.ids import Address, ExternalId, FileId
from bridge.domain.text import plain
from bridge.ports.calls import CallKind, OutboundCall
from tests.adapters.whatsapp.payloads import ANSWERS, REQUESTS

BIA = Address("+5511912345678")


def file(kind: FileKind, mime: str, size: int = 10, name: str = "x") -> File:
    return File(id=FileId("f"), kind=kind, mime=mime, size=size, name=name)


def made(content: Content, quoted: ExternalId | None = None) -> dict[str, object]:
    call = OutboundCall(key="d1", kind=CallKind.POST, content=content, quoted=quoted)
    return message(BIA, call, media="777")


def shape(value: object) -> object:
    """The names of a JSON value and the types of what they hold."""
    if isinstance(value, Mapping):
        return {str(name): shape(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [shape(inner) for inner in value]
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value)
    )


PLACE = Location(latitude=37.758056, longitude=-122.425332, name="META HQ", address="1 Hacker Way")
TWO = (Choice(id="a", label="One"), Choice(id="b", label="Two"))
EXAMPLES = {
    "Send Text Message": Content(text=plain("hello")),
    "Send Location Message": Content(location=PLACE),
    "Send Reply Button": Content(text=plain("?"), choices=TWO),
    "Send Image Message by ID": Content(files=(file(FileKind.IMAGE, "image/png"),)),
    "Send Audio Message by ID": Content(files=(file(FileKind.VOICE, "audio/ogg"),)),
    "Send Sticker Message by ID": Content(files=(file(FileKind.STICKER, "image/webp"),)),
    "Send Video Message by ID": Content(
        text=plain("x"), files=(file(FileKind.VIDEO, "video/mp4"),)
    ),
    "Send Document Message by ID": Content(
        text=plain("x"), files=(file(FileKind.DOCUMENT, "application/pdf"),)
    ),
}
REPLIES = {
    "Send Reply to Text Message": "Send Text Message",
    "Send Reply to Image Message by ID": "Send Image Message by ID",
    "Send Reply to Audio Message by ID": "Send Audio Message by ID",
    "Send Reply to Video Message by ID": "Send Video Message by ID",
    "Send Reply to Document Message by ID": "Send Document Message by ID",
    "Send Reply to Sticker Message by ID": "Send Sticker Message by ID",
    "Send Reply to Location Message": "Send Location Message",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_message_has_the_shape_of_metas_example(name: str) -> None:
    ours = made(EXAMPLES[name])

    assert ours.pop("biz_opaque_callback_data") == "d1"
    assert shape(ours) == shape(REQUESTS[name])


@pytest.mark.parametrize("name", REPLIES)
def test_an_answer_has_the_shape_of_metas_example(name: str) -> None:
    ours = made(EXAMPLES[REPLIES[name]], quoted=ExternalId("wamid.1"))

    del ours["biz_opaque_callback_data"]
    assert shape(ours) == shape(REQUESTS[name])
    assert ours["context"] == {"message_id": "wamid.1"}


@pytest.mark.parametrize(("kind", "emoji"), [(CallKind.REACT, "😀"), (CallKind.UNREACT, "")])
def test_a_reaction_has_the_shape_of_metas_example(kind: CallKind, emoji: str) -> None:
    call = OutboundCall(key="d1", kind=kind, external_id=ExternalId("wamid.HBgLM.."), emoji="😀")

    ours = message(BIA, call)

    del ours["biz_opaque_callback_data"]
    assert shape(ours) == shape(REQUESTS["Send Reply with Reaction Message"])
    assert ours["reaction"] == {"message_id": "wamid.HBgLM..", "emoji": emoji}


def test_a_card_has_names_that_metas_example_has() -> None:
    card = ContactCard(name="John Smith", phones=("+1 650",), emails=("a@fb.com",))

    (ours,) = msgspec.convert(made(Content(contact_card=card))["contacts"], list[dict[str, Any]])

    (theirs,) = REQUESTS["Send Contact Message"]["contacts"]
    assert set(ours) <= set(theirs)
    assert set(ours["name"]) <= set(theirs["name"])
    assert set(ours["phones"][0]) <= set(theirs["phones"][0])


def test_a_list_has_the_shape_of_metas_example() -> None:
    long = tuple(Choice(id=str(n), label=f"A label that is too long, {n}") for n in range(2))

    ours = made(Content(text=plain("?"), choices=long))["interactive"]

    theirs = dict(REQUESTS["Send List Message"]["interactive"])
    theirs["action"] = dict(theirs["action"])
    theirs["action"]["sections"] = [{"rows": theirs["action"]["sections"][0]["rows"]}]
    del theirs["header"], theirs["footer"]
    assert shape(ours) == shape(theirs)


def test_a_typing_sign_is_metas_example() -> None:
    example = REQUESTS["Send typing indicator and read receipt"]

    assert seen(example["message_id"], typing=True) == example


@pytest.mark.parametrize("name", ANSWERS)
def test_metas_answers_are_understood(name: str) -> None:
    answer = msgspec.convert(ANSWERS[name], Answer)

    assert all(each.id for each in answer.messages)


def test_a_template_has_the_shape_of_metas_example() -> None:
    """Their example has a picture above and buttons below; money and dates are texts of ours."""
    theirs = REQUESTS["Send Message Template Interactive"]["template"]
    listed = Listed(
        name="x",
        language="en",
        status="APPROVED",
        components=[
            Component(type="HEADER", format="IMAGE"),
            Component(type="BODY", text="{{1}}"),
        ],
    )

    ours = payload(read(listed), ["https://acme.example/a.png", "Bia"])

    header, body_ = msgspec.convert(ours["components"], list[dict[str, Any]])
    assert shape(header) == shape(theirs["components"][0])
    assert shape(body_["parameters"]) == shape(theirs["components"][1]["parameters"][:1])
    assert shape(ours["language"]) == shape(theirs["language"])


def test_a_template_is_sent_as_one() -> None:
    use = Content(text=plain("Oi"), template=TemplateUse(name="hello", language="pt_BR"))
    call = OutboundCall(key="d1", kind=CallKind.POST, content=use)

    ours = message(BIA, call, template={"name": "hello", "language": {"code": "pt_BR"}})

    assert (ours["type"], "text" in ours) == ("template", False)


# --- limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [CallKind.EDIT, CallKind.DELETE])
def test_what_meta_offers_to_customers_only_is_refused(kind: CallKind) -> None:
    call = OutboundCall(
        key="d1", kind=kind, content=Content(text=plain("x")), external_id=ExternalId("w")
    )

    with pytest.raises(NotSupported):
        message(BIA, call)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (file(FileKind.IMAGE, "image/png", 5 * 1024**2 + 1), "whatsapp_over_5mb"),
        (file(FileKind.VIDEO, "video/mp4", 16 * 1024**2 + 1), "whatsapp_over_16mb"),
        (file(FileKind.VOICE, "audio/ogg", 16 * 1024**2 + 1), "whatsapp_over_16mb"),
        (file(FileKind.DOCUMENT, "application/pdf", 100 * 1024**2 + 1), "whatsapp_over_100mb"),
        (file(FileKind.DOCUMENT, "application/zip"), "whatsapp_file_type"),
        (file(FileKind.IMAGE, "image/gif"), "whatsapp_file_type"),
    ],
)
def test_a_file_that_meta_does_not_take_is_refused_with_the_reason(what: File, code: str) -> None:
    with pytest.raises(DeliveryRejected) as refused:
        upload(what)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("what", "type_"),
    [
        (file(FileKind.IMAGE, "image/jpeg"), "image"),
        (file(FileKind.DOCUMENT, "image/jpeg"), "document"),
        (file(FileKind.STICKER, "image/png"), "image"),
        (file(FileKind.STICKER, "image/webp"), "sticker"),
        (file(FileKind.AUDIO, "audio/x-m4a"), "audio"),
        (file(FileKind.DOCUMENT, "text/csv"), "document"),
    ],
)
def test_a_file_goes_as_what_it_is(what: File, type_: str) -> None:
    assert upload(what).type == type_


def test_labels_that_begin_alike_are_told_apart() -> None:
    same = tuple(
        Choice(id=str(n), label="The same long beginning, but not " + str(n)) for n in (1, 2)
    )

    interactive = made(Content(text=plain("?"), choices=same))["interactive"]

    rows = interactive["action"]["sections"][0]["rows"]  # type: ignore[index]  # JSON
    assert [row["title"][:2] for row in rows] == ["1.", "2."]
    assert all(len(row["title"]) <= 24 and len(row["description"]) <= 72 for row in rows)
