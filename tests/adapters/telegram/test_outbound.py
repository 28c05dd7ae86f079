"""What the Bot API is asked for, and what is refused before it is asked."""

import pytest

from bridge.adapters.channels.telegram.marks import Words
from bridge.adapters.channels.telegram.names import Line, external_id
from bridge.adapters.channels.telegram.outbound import (
    Button,
    Delete,
    Edit,
    React,
    Request,
    SendCard,
    SendFile,
    SendPlace,
    SendText,
    Shape,
    request,
    shape_of,
)
from bridge.adapters.channels.telegram.reactions import telegrams
from bridge.domain.content import (
    Choice,
    ContactCard,
    Content,
    File,
    FileKind,
    Location,
    text_content,
)
from bridge.domain.errors import DeliveryRejected, NotSupported
from bridge.domain.ids import Address, ExternalId, FileId
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.ports.calls import CallKind, OutboundCall
from bridge.simulators.telegram.emoji import REACTIONS

BIA = Address("77")
LINE = Line(chat=77, message=5)
MEGABYTE = 1024 * 1024


def asked(
    content: Content | None = None,
    *,
    kind: CallKind = CallKind.POST,
    quoted: str = "",
    about: str = "77:5",
    emoji: str = "",
) -> Request:
    call = OutboundCall(
        key="d1",
        kind=kind,
        content=content,
        author=Author.AGENT,
        external_id=ExternalId(about),
        quoted=ExternalId(quoted) if quoted else None,
        emoji=emoji,
    )
    return request(BIA, call)


def file(kind: FileKind, mime: str, size: int = 10) -> File:
    return File(id=FileId("f"), kind=kind, mime=mime, size=size, name="a.bin")


def test_a_line_is_words_to_its_chat() -> None:
    assert asked(text_content("oi")) == SendText(chat=77, words=Words(text="oi"))


@pytest.mark.parametrize(
    ("quoted", "answers"), [("77:4", 4), ("78:4", None), ("77:press:4", None), ("nonsense", None)]
)
def test_an_answer_is_one_where_the_line_is_in_this_chat(quoted: str, answers: int | None) -> None:
    assert asked(text_content("oi"), quoted=quoted) == SendText(
        chat=77, words=Words(text="oi"), answers=answers
    )


def test_choices_are_buttons_with_their_own_ids() -> None:
    choices = (Choice(id="a1", label="Blue\n one"), Choice(id="a2", label=" "))

    sent = asked(Content(text=plain("Which?"), choices=choices))

    assert isinstance(sent, SendText)
    assert sent.buttons == (Button(label="Blue one", data="a1"), Button(label="a2", data="a2"))


def test_more_choices_than_telegram_takes_are_refused() -> None:
    with pytest.raises(NotSupported):
        asked(
            Content(
                text=plain("Which?"),
                choices=tuple(Choice(id=str(number), label="a") for number in range(31)),
            )
        )


@pytest.mark.parametrize("choice", ["x" * 65, "é" * 33, "", "~", "x" * 5_000])
def test_a_choice_that_a_button_cannot_carry_has_a_short_name(choice: str) -> None:
    sent = asked(Content(text=plain("Which?"), choices=(Choice(id=choice, label="a"),)))

    assert isinstance(sent, SendText)
    (button,) = sent.buttons
    assert 0 < len(button.data.encode()) <= 64
    assert button.data != choice


@pytest.mark.parametrize(
    ("sent", "shape"),
    [
        (file(FileKind.IMAGE, "image/jpeg"), Shape.PHOTO),
        (file(FileKind.IMAGE, "image/png", 11 * MEGABYTE), Shape.DOCUMENT),
        (file(FileKind.IMAGE, "image/svg+xml"), Shape.DOCUMENT),
        (file(FileKind.IMAGE, "image/gif"), Shape.DOCUMENT),
        (file(FileKind.STICKER, "image/webp"), Shape.STICKER),
        (file(FileKind.STICKER, "image/png"), Shape.PHOTO),
        (file(FileKind.STICKER, "video/webm"), Shape.DOCUMENT),
        (file(FileKind.VIDEO, "video/mp4"), Shape.VIDEO),
        (file(FileKind.VIDEO, "video/x-matroska"), Shape.DOCUMENT),
        (file(FileKind.VOICE, "audio/ogg"), Shape.VOICE),
        (file(FileKind.VOICE, "audio/mpeg"), Shape.AUDIO),
        (file(FileKind.VOICE, "audio/amr"), Shape.DOCUMENT),
        (file(FileKind.AUDIO, "audio/mpeg"), Shape.AUDIO),
        (file(FileKind.AUDIO, "audio/flac"), Shape.DOCUMENT),
        (file(FileKind.DOCUMENT, "image/jpeg"), Shape.DOCUMENT),
    ],
)
def test_a_file_is_sent_as_what_telegram_shows_it_as(sent: File, shape: Shape) -> None:
    assert shape_of(sent) is shape


def test_words_go_below_their_file() -> None:
    picture = file(FileKind.IMAGE, "image/jpeg")

    sent = asked(Content(text=plain("see"), files=(picture,)))

    assert sent == SendFile(chat=77, shape=Shape.PHOTO, file=picture, caption=Words(text="see"))


def test_a_place_and_a_card_are_what_they_are() -> None:
    place = Location(latitude=1, longitude=2, name="Café")
    card = ContactCard(name="Bia", phones=("+5511912345678",))

    assert asked(Content(location=place)) == SendPlace(chat=77, place=place)
    assert asked(Content(contact_card=card)) == SendCard(
        chat=77, phone="+5511912345678", first_name="Bia"
    )


def test_a_card_with_more_than_a_number_carries_all_of_it() -> None:
    card = ContactCard(name="B;ia", phones=("+1", "+2"), emails=("b@a.example",))

    sent = asked(Content(contact_card=card))

    assert isinstance(sent, SendCard)
    assert sent.vcard.splitlines() == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:;B\\;ia;;;",
        "FN:B\\;ia",
        "TEL:+1",
        "TEL:+2",
        "EMAIL:b@a.example",
        "END:VCARD",
    ]


def test_a_card_without_a_number_is_words() -> None:
    sent = asked(Content(contact_card=ContactCard(name="Bia", emails=("b@a.example",))))

    assert sent == SendText(chat=77, words=Words(text="Bia\nb@a.example"))


def test_changes_are_about_their_line() -> None:
    edited = asked(text_content("b"), kind=CallKind.EDIT)

    assert edited == Edit(line=LINE, words=Words(text="b"))
    assert asked(kind=CallKind.DELETE) == Delete(line=LINE)
    assert asked(kind=CallKind.REACT, emoji="👍🏽") == React(line=LINE, emoji="👍")
    assert asked(kind=CallKind.UNREACT, emoji="🛸") == React(line=LINE, emoji=None)


@pytest.mark.parametrize("about", ["", "5", "77:", "77:press:5", "-1:5", "77:5:6"])
@pytest.mark.parametrize("kind", [CallKind.EDIT, CallKind.DELETE, CallKind.REACT])
def test_what_is_no_line_of_telegrams_cannot_be_changed(kind: CallKind, about: str) -> None:
    with pytest.raises(DeliveryRejected, match="not on Telegram"):
        asked(text_content("b"), kind=kind, about=about, emoji="👍")


@pytest.mark.parametrize(
    ("emoji", "theirs"),
    [("❤️", "❤"), ("👍🏿", "👍"), ("✅", "👍"), ("😂", "🤣"), ("🤷🏽‍♀️", "🤷\u200d♀")],
)
def test_an_emoji_is_written_as_telegram_has_it_or_says_the_same(emoji: str, theirs: str) -> None:
    assert telegrams(emoji) == theirs


@pytest.mark.parametrize("emoji", ["🛸", "", "x", ":smile:"])
def test_an_emoji_that_telegram_has_not_is_refused_with_a_way_out(emoji: str) -> None:
    with pytest.raises(DeliveryRejected) as refused:
        telegrams(emoji)

    assert refused.value.code == "telegram_reaction"


def test_every_emoji_of_the_bot_api_is_known() -> None:
    assert len(REACTIONS) == 73
    assert {telegrams(each) for each in REACTIONS} == set(REACTIONS)


def test_the_name_of_a_line_leads_back_to_it() -> None:
    assert external_id(77, 5) == "77:5"


@pytest.mark.parametrize("content", [Content(), text_content(" \n ")])
def test_nothing_is_not_sent(content: Content) -> None:
    with pytest.raises(NotSupported):
        asked(content)


def test_what_is_too_long_is_refused_before_telegram_is_asked() -> None:
    with pytest.raises(DeliveryRejected) as refused:
        asked(text_content("👍" * 2_049))

    assert refused.value.code == "telegram_too_long"
