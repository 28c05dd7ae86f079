"""Every kind of update becomes what happened; nothing is an exception, nothing is dropped."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.channels.telegram.content import SILENT, Wanted
from bridge.adapters.channels.telegram.inbound import (
    Elsewhere,
    Found,
    Happened,
    Pressed,
    Reader,
    Unknown,
)
from bridge.domain.content import ContactCard, Content, FileKind, Location
from bridge.domain.ids import Address, ChannelId
from bridge.domain.text import BlockQuote, Bold, Paragraph, Plain, plain
from bridge.ports.channel import MessageEdited, MessageReceived, Reacted
from bridge.simulators.telegram.spec.schema import spec
from tests.adapters.telegram.bodies import (
    AT,
    BIA,
    BOT,
    CHAT,
    GROUP,
    Json,
    a_file,
    body,
    message,
    written,
)

READER = Reader(ChannelId("tg"), BOT, "en")


def found(update: bytes) -> Sequence[Found]:
    return READER.read(update).found


def happened(update: bytes) -> Happened:
    (one,) = found(update)
    assert isinstance(one, Happened)
    return one


def received(update: bytes) -> MessageReceived:
    event = happened(update).event
    assert isinstance(event, MessageReceived)
    return event


def content(**said: object) -> Content:
    return received(written(**said)).content


# --- who and when -----------------------------------------------------------------------------


def test_a_line_says_who_wrote_it_when_and_in_which_language() -> None:
    event = received(written(text="oi"))

    assert event == MessageReceived(
        channel=ChannelId("tg"),
        address=Address("77"),
        external_id=event.external_id,
        content=Content(text=plain("oi")),
        source=event.source,
        name="Bia Souza",
        language=event.language,
        at=event.at,
        also=(Address("@bia"),),
        certain=Address("77"),
    )
    assert (event.external_id, event.source) == ("77:5", (f"update:{BOT}:9",))
    assert (event.language, event.at) == ("pt_BR", AT * 1_000)


@pytest.mark.parametrize(
    ("user", "name", "also"),
    [
        ({"id": 77, "is_bot": False, "first_name": "Bia"}, "Bia", ()),
        ({"id": 77, "is_bot": False, "first_name": "", "username": "bia"}, "@bia", ("@bia",)),
        ({"id": 77, "is_bot": False, "first_name": ""}, "", ()),
    ],
)
def test_he_is_called_by_what_telegram_shows(user: Json, name: str, also: tuple[str, ...]) -> None:
    event = received(body(message=message(text="oi") | {"from": user}))

    assert (event.name, event.also) == (name, also)


@pytest.mark.parametrize(("code", "language"), [("en-US", "en"), ("pt", "pt_BR"), ("ja", None)])
def test_a_language_that_we_do_not_speak_is_none(code: str, language: str | None) -> None:
    event = received(body(message=message(text="oi") | {"from": BIA | {"language_code": code}}))

    assert event.language == language


def test_who_shares_his_own_card_is_found_by_his_number_too() -> None:
    own = {"phone_number": "5511912345678", "first_name": "Bia", "user_id": 77}

    event = received(written(contact=own))

    assert event.also == ("@bia", "+5511912345678")
    assert event.content.contact_card == ContactCard(name="Bia", phones=("+5511912345678",))


@pytest.mark.parametrize(
    "contact",
    [
        {"phone_number": "5511912345678", "first_name": "Rui", "user_id": 78},
        {"phone_number": "5511912345678", "first_name": "Bia"},
    ],
)
def test_somebody_elses_card_is_no_name_of_his(contact: Json) -> None:
    assert received(written(contact=contact)).also == ("@bia",)


def test_a_forwarded_card_is_no_name_of_his() -> None:
    own = {"phone_number": "5511912345678", "first_name": "Bia", "user_id": 77}
    origin = {"type": "hidden_user", "date": AT, "sender_user_name": "Rui"}

    assert received(written(contact=own, forward_origin=origin)).also == ("@bia",)


# --- what he says -----------------------------------------------------------------------------

PLACE = {"latitude": -23.5, "longitude": -46.6}
POLL = {
    "id": "1",
    "question": "Which?",
    "options": [
        {"persistent_id": "1", "text": "red", "voter_count": 0},
        {"persistent_id": "2", "text": "blue", "voter_count": 0},
    ],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}
STICKER = {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"text": "oi"}, Content(text=plain("oi"))),
        (
            {"text": "/start x", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]},
            Content(text=plain("/start x")),
        ),
        (
            {"text": "👍 oi", "entities": [{"type": "bold", "offset": 3, "length": 2}]},
            Content(
                text=(
                    Paragraph(
                        spans=(Plain(text="👍 "), Bold(spans=(Plain(text="oi"),))),
                    ),
                )
            ),
        ),
        ({"location": PLACE}, Content(location=Location(latitude=-23.5, longitude=-46.6))),
        (
            {"location": PLACE | {"live_period": 60}},
            Content(
                text=plain("Live location"), location=Location(latitude=-23.5, longitude=-46.6)
            ),
        ),
        (
            {
                "venue": {"location": PLACE, "title": "Café", "address": "Rua 1"},
                "location": PLACE,
            },
            Content(
                location=Location(latitude=-23.5, longitude=-46.6, name="Café", address="Rua 1")
            ),
        ),
        (
            {
                "contact": {
                    "phone_number": "+1 23",
                    "first_name": "Rui",
                    "last_name": "Sá",
                    "vcard": "BEGIN:VCARD\nEMAIL;TYPE=work:r@a.example\nEND:VCARD",
                }
            },
            Content(
                contact_card=ContactCard(name="Rui Sá", phones=("+1 23",), emails=("r@a.example",))
            ),
        ),
        ({"poll": POLL}, Content(text=plain("📊 Which?\n- red\n- blue"))),
        ({"dice": {"emoji": "🎯", "value": 3}}, Content(text=plain("🎯 3"))),
        (
            {"sticker": a_file(**STICKER | {"is_animated": True}, emoji="🎉")},
            Content(text=plain("🎉")),
        ),
        (
            {
                "checklist": {
                    "title": "Today",
                    "tasks": [
                        {"id": 1, "text": "one", "completion_date": AT},
                        {"id": 2, "text": "two"},
                    ],
                }
            },
            Content(text=plain("Today\n☑ one\n☐ two")),
        ),
        ({"web_app_data": {"data": "x=1", "button_text": "Go"}}, Content(text=plain("x=1"))),
        (
            {"game": {"title": "Chess", "description": "", "photo": []}},
            Content(text=plain("🎮 Chess")),
        ),
    ],
)
def test_what_he_says_is_content(said: Json, expected: Content) -> None:
    assert content(**said) == expected


SIZES = [
    {"file_id": "S", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 1},
    {"file_id": "L", "file_unique_id": "l", "width": 1280, "height": 900, "file_size": 9},
    {"file_id": "M", "file_unique_id": "m", "width": 320, "height": 200, "file_size": 4},
]
FILM = {"width": 1, "height": 1, "duration": 1}


@pytest.mark.parametrize(
    ("said", "kind", "name"),
    [
        ({"video": a_file(**FILM, file_name="v.mp4")}, FileKind.VIDEO, "v.mp4"),
        ({"video": a_file(**FILM)}, FileKind.VIDEO, "video.mp4"),
        (
            {"animation": a_file(**FILM), "document": a_file(file_name="g.gif")},
            FileKind.VIDEO,
            "animation.mp4",
        ),
        ({"video_note": a_file(length=1, duration=1)}, FileKind.VIDEO, "video.mp4"),
        ({"voice": a_file(duration=1)}, FileKind.VOICE, "voice.ogg"),
        (
            {"audio": a_file(duration=1, performer="Elis", title="Águas")},
            FileKind.AUDIO,
            "Elis - Águas.mp3",
        ),
        ({"audio": a_file(duration=1)}, FileKind.AUDIO, "audio.mp3"),
        ({"document": a_file(file_name="../a.pdf")}, FileKind.DOCUMENT, "../a.pdf"),
        ({"document": a_file()}, FileKind.DOCUMENT, "document"),
        ({"sticker": a_file(**STICKER)}, FileKind.STICKER, "sticker.webp"),
        (
            {"sticker": a_file(**STICKER | {"is_video": True}, emoji="🎉")},
            FileKind.VIDEO,
            "sticker.webm",
        ),
        ({"live_photo": a_file(**FILM, photo=SIZES)}, FileKind.VIDEO, "live.mp4"),
    ],
)
def test_a_file_is_named_to_be_fetched(said: Json, kind: FileKind, name: str) -> None:
    one = happened(written(**said, caption="see"))

    assert one.file == Wanted(id="F1", kind=kind, name=name, size=7, unique="U1")
    assert isinstance(one.event, MessageReceived)
    assert one.event.content.words() == "see"


def test_of_a_picture_the_biggest_size_is_fetched() -> None:
    one = happened(written(photo=SIZES))

    assert one.file == Wanted(id="L", kind=FileKind.IMAGE, name="image.jpg", size=9, unique="l")


# --- what it answers and where it comes from --------------------------------------------------


def test_an_answer_names_the_line() -> None:
    event = received(written(text="this", reply_to_message=message(message_id=3, text="which")))

    assert event.quoted == "77:3"
    assert event.content == Content(text=plain("this"))


def test_a_part_that_he_picked_out_is_shown_above() -> None:
    quote = {"text": "part", "position": 2, "is_manual": True}

    said = content(text="this", reply_to_message=message(message_id=3), quote=quote)

    assert said.text == (BlockQuote(blocks=plain("part")), *plain("this"))


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ({"type": "user", "date": AT, "sender_user": BIA}, "Bia Souza"),
        ({"type": "hidden_user", "date": AT, "sender_user_name": "Somebody"}, "Somebody"),
        ({"type": "chat", "date": AT, "sender_chat": GROUP}, "Us"),
        (
            {
                "type": "channel",
                "date": AT,
                "chat": {"id": -9, "type": "channel", "title": "News"},
                "message_id": 1,
            },
            "News",
        ),
    ],
)
def test_a_forwarded_line_says_from_whom(origin: Json, name: str) -> None:
    said = content(text="look", forward_origin=origin)

    assert said.text == (BlockQuote(blocks=plain(f"Forwarded from {name}")), *plain("look"))


def test_an_answer_to_what_was_said_elsewhere_shows_it() -> None:
    origin = {"type": "hidden_user", "date": AT, "sender_user_name": "Rui"}

    said = content(
        text="this?",
        external_reply={"origin": origin},
        quote={"text": "that", "position": 0},
    )

    above = BlockQuote(blocks=plain("Answers what Rui wrote in another chat:"))
    assert said.text == (above, BlockQuote(blocks=plain("that")), *plain("this?"))


# --- what changes -----------------------------------------------------------------------------


def test_an_edit_has_the_new_words() -> None:
    event = happened(body(edited_message=message(text="new", edit_date=AT))).event

    assert isinstance(event, MessageEdited)
    assert (event.external_id, event.content.words()) == ("77:5", "new")


def test_a_place_that_moves_is_known_as_such() -> None:
    assert happened(body(edited_message=message(location=PLACE | {"live_period": 60}))).moves
    assert not happened(body(edited_message=message(location=PLACE))).moves


def reaction(*emoji: str) -> list[Json]:
    return [{"type": "emoji", "emoji": each} for each in emoji]


def reacted(old: list[Json], new: list[Json]) -> bytes:
    said = {"chat": CHAT, "message_id": 4, "user": BIA, "date": AT}
    return body(message_reaction=said | {"old_reaction": old, "new_reaction": new})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((), ("👍",), [("👍", False)]),
        (("👍",), (), [("👍", True)]),
        (("👍",), ("❤",), [("👍", True), ("❤", False)]),
        (("👍",), ("👍", "❤"), [("❤", False)]),
        (("👍",), ("👍",), []),
    ],
)
def test_only_what_changed_of_his_reactions_is_told(
    old: tuple[str, ...], new: tuple[str, ...], expected: list[tuple[str, bool]]
) -> None:
    events = [one.event for one in found(reacted(reaction(*old), reaction(*new)))]  # type: ignore[union-attr]

    told = [(each.emoji, each.removed) for each in events if isinstance(each, Reacted)]
    assert told == expected
    assert len({each.source for each in events}) == len(events)
    assert all(isinstance(each, Reacted) and each.external_id == "77:4" for each in events)


def test_an_emoji_of_somebodys_own_is_counted_and_a_star_is_a_star() -> None:
    new = [{"type": "custom_emoji", "custom_emoji_id": "1"}, {"type": "paid"}]

    unknown, star = found(reacted([], new))

    assert unknown == Unknown(kind="custom_reaction")
    assert isinstance(star, Happened)
    assert isinstance(star.event, Reacted)
    assert star.event.emoji == "⭐"


def pressed(**said: object) -> bytes:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    line = message(text="Sure?", reply_markup=keyboard)
    query = {"id": "88", "from": BIA, "chat_instance": "1", "message": line, "data": "y", **said}
    return body(callback_query=query)


def test_a_pressed_button_is_a_line_that_answers_ours() -> None:
    one, told = found(pressed())

    assert told == Pressed(query="88")
    assert isinstance(one, Happened)
    event = one.event
    assert isinstance(event, MessageReceived)
    assert event.content == Content(text=plain("Yes"), chosen="y")
    assert (event.address, event.quoted, event.external_id) == ("77", "77:5", "77:press:88")


def test_a_button_on_a_line_that_is_gone_says_what_it_carried() -> None:
    gone = {"chat": CHAT, "message_id": 5, "date": 0}

    one, _ = found(pressed(message=gone))

    assert isinstance(one, Happened)
    assert isinstance(one.event, MessageReceived)
    assert one.event.content == Content(text=plain("y"), chosen="y")


# --- what is not for us, or not known ---------------------------------------------------------


@pytest.mark.parametrize(
    "update",
    [
        body(message=message(text="oi", chat=GROUP)),
        body(edited_message=message(text="oi", chat=GROUP)),
        body(channel_post=message(text="oi", chat={"id": -9, "type": "channel", "title": "N"})),
        body(callback_query={"id": "1", "from": BIA, "chat_instance": "1", "data": "y"}
             | {"message": message(chat=GROUP)}),
    ],
)  # fmt: skip
def test_of_groups_and_channels_nothing_is_taken(update: bytes) -> None:
    assert found(update) == (Elsewhere(),)


@pytest.mark.parametrize("kind", sorted(SILENT))
def test_what_telegram_notes_by_itself_is_no_line(kind: str) -> None:
    assert found(written(**{kind: {}})) in ((), (Unknown(kind="malformed"),))


def test_what_will_be_in_2030_is_a_line_that_says_so_and_is_counted() -> None:
    unknown, one = found(written(hologram={"depth": 3}))

    assert unknown == Unknown(kind="hologram")
    assert isinstance(one, Happened)
    assert isinstance(one.event, MessageReceived)
    assert "hologram" in one.event.content.words()


@pytest.mark.parametrize(
    ("update", "kind"),
    [
        (body(message_of_2030={"x": 1}), "message_of_2030"),
        (body(), "nothing"),
        (body(**{"<b>!": 1}), "b"),
        (body(message={"message_id": "x"}), "malformed"),
        (body(message=[]), "malformed"),
        (written(text=5), "malformed"),
        (body(message={"message_id": 5, "date": "soon", "chat": CHAT}), "malformed"),
        (body(callback_query={"id": "1", "from": BIA, "chat_instance": "1"}), "callback_query"),
    ],
)
def test_what_is_not_understood_is_counted(update: bytes, kind: str) -> None:
    assert found(update) == (Unknown(kind=kind),)


@pytest.mark.parametrize("half", [rb"\ud83d", b"\xff"])
def test_half_a_character_costs_no_line(half: bytes) -> None:
    event = received(written(text="oi HALF").replace(b"HALF", half))

    assert event.content.words().startswith("oi ")


_KINDS = tuple(spec().types["Message"].fields)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from(_KINDS), _json)
def test_whatever_stands_in_a_message_is_survived(field: str, value: object) -> None:
    assert READER.read(written(**{field: value})).id == 9
