"""What agents write arrives as they meant it; what does not arrive is told for what it is."""

import asyncio
from pathlib import Path

import aiohttp
import pytest
from msgspec.structs import replace

from bridge.adapters.channels.telegram.adapter import Telegram
from bridge.adapters.channels.telegram.names import external_id
from bridge.domain.content import (
    Choice,
    ContactCard,
    Content,
    File,
    FileKind,
    Location,
    Quote,
    text_content,
)
from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    DeskbridgeError,
    OutcomeUnknown,
    TemporaryFailure,
)
from bridge.domain.ids import Address, MessageId
from bridge.domain.text import to_plain
from bridge.ports.calls import CallKind, Sent
from bridge.ports.fit import fit
from bridge.ports.markdown import parse
from bridge.simulators.common.wire import obj
from bridge.simulators.telegram import Fault, Limits, Window, choices_of
from bridge.simulators.telegram.faults import FaultKind
from tests.adapters.telegram.rig import PNG, Rig, context_of, serve, settings_for
from tests.patience import until

PAYLOADS = (Path(__file__).parents[2] / "payloads" / "xss.txt").read_text("utf-8").splitlines()
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(100)


# --- as it is meant ---------------------------------------------------------------------------


async def test_formatting_is_sent_as_entities(rig: Rig) -> None:
    await rig.channel.send(
        rig.customer, rig.call(content=Content(text=parse("👍 **bold** and `code`")))
    )

    (shown,) = rig.bia.received()
    assert shown.text == "👍 bold and code"
    assert shown.body["entities"] == [
        {"type": "bold", "offset": 3, "length": 4},
        {"type": "code", "offset": 12, "length": 4},
    ]


async def test_whatever_somebody_writes_is_only_read(rig: Rig) -> None:
    written = [each for each in PAYLOADS if each.strip()]

    for each in written:
        await rig.say(each)

    assert rig.bia.texts() == written


async def test_a_long_text_arrives_whole_however_telegram_counts(rig: Rig) -> None:
    words = " ".join(["👍🏽 obrigado"] * 900)
    parts = fit(text_content(words), rig.channel.capabilities, "en").parts

    for part in parts:
        await rig.channel.send(rig.customer, rig.call(content=part))

    assert " ".join(rig.bia.texts()) == words
    assert all(to_plain(part.text) for part in parts)


@pytest.mark.parametrize(
    ("body", "kind", "mime", "shown"),
    [
        (PNG, FileKind.IMAGE, "image/png", "photo"),
        (VIDEO, FileKind.VIDEO, "video/mp4", "video"),
        (b"ID3" + bytes(50), FileKind.AUDIO, "audio/mpeg", "audio"),
        (b"OggS" + bytes(50), FileKind.VOICE, "audio/ogg", "voice"),
        (b"%PDF-1.7" + bytes(50), FileKind.DOCUMENT, "application/pdf", "document"),
        (b"RIFF....WEBP", FileKind.STICKER, "image/webp", "sticker"),
    ],
)
async def test_a_file_is_what_it_is_byte_for_byte(
    rig: Rig, body: bytes, kind: FileKind, mime: str, shown: str
) -> None:
    await rig.say(files=(_file(rig, body, kind, mime),))

    (line,) = rig.bia.received()
    assert shown in line.body
    assert rig.bia.downloads(line).body == body


def _file(rig: Rig, body: bytes, kind: FileKind, mime: str, name: str = "à b.bin") -> File:
    return replace(rig.files.add(body, name), kind=kind, mime=mime)


async def test_a_document_keeps_its_name_and_its_words(rig: Rig) -> None:
    file = _file(rig, b"%PDF-1.7", FileKind.DOCUMENT, "application/pdf", 'Orçamento "2".pdf')

    await rig.say("see", files=(file,))

    (line,) = rig.bia.received()
    assert rig.bia.downloads(line).name == "Orçamento _2_.pdf"
    assert line.text == "see"


async def test_a_picture_that_telegram_does_not_take_goes_as_a_document(rig: Rig) -> None:
    rig.telegram.fault(
        Fault(method="sendPhoto", kind="error", status=400, details="PHOTO_INVALID_DIMENSIONS")
    )

    await rig.say("see", files=(_file(rig, PNG, FileKind.IMAGE, "image/png"),))

    (line,) = rig.bia.received()
    assert "document" in line.body
    assert rig.bia.downloads(line).body == PNG


async def test_a_file_that_is_not_there_any_more_is_refused(rig: Rig) -> None:
    file = _file(rig, PNG, FileKind.IMAGE, "image/png")
    await rig.files.remove(file.id)

    with pytest.raises(DeliveryRejected) as refused:
        await rig.say(files=(file,))

    assert refused.value.code == "file_gone"


async def test_places_and_cards_are_what_they_are(rig: Rig) -> None:
    await rig.say(location=Location(latitude=-23.5, longitude=-46.6))
    await rig.say(location=Location(latitude=-23.5, longitude=-46.6, name="Café", address="Rua 1"))
    card = ContactCard(name="Rui", phones=("+55119", "+2"), emails=("r@a.example",))
    await rig.say(contact_card=card)

    place, venue, contact = (line.body for line in rig.bia.received())
    assert "venue" not in place
    assert obj(venue["venue"])["title"] == "Café"
    assert obj(contact["contact"])["phone_number"] == "+55119"


async def test_an_answer_quotes_its_line_even_if_that_is_gone(rig: Rig) -> None:
    line = await rig.bia.writes("Which?")
    await rig.arrived(1)
    quoted = external_id(rig.bia.id, line.id)
    quote = Quote(message=MessageId(1), author="Bia", excerpt="Which?")
    content = Content(text=text_content("blue").text, quote=quote)

    await rig.channel.send(rig.customer, rig.call(content=content, quoted=quoted))
    await rig.bia.deletes(line)
    await rig.channel.send(rig.customer, rig.call(content=content, quoted=quoted))

    assert [one.reply_to for one in rig.bia.received()] == [line.id, 0]


async def test_choices_are_buttons(rig: Rig) -> None:
    await rig.say("Sure?", choices=(Choice(id="y", label="Yes"), Choice(id="n", label="No")))

    assert choices_of(rig.bia.received()[-1]) == {"Yes": "y", "No": "n"}


async def test_it_shows_that_somebody_types(rig: Rig) -> None:
    await rig.channel.show_typing(rig.customer, "Ana")

    await until(lambda: rig.bia.sees_typing == "typing")


# --- what changes -----------------------------------------------------------------------------


async def test_a_line_is_edited_twice_and_the_same_again_is_no_error(rig: Rig) -> None:
    sent = await rig.say("befroe")

    await rig.change(CallKind.EDIT, sent, content=text_content("before"))
    await rig.change(CallKind.EDIT, sent, content=text_content("before"))

    assert rig.bia.texts() == ["before"]


@pytest.mark.parametrize("knows", [True, False])
async def test_below_a_file_the_words_are_edited(rig: Rig, knows: bool) -> None:
    file = _file(rig, PNG, FileKind.IMAGE, "image/png")
    sent = await rig.say("se", files=(file,))
    content = Content(text=text_content("see").text, files=(file,) if knows else ())

    await rig.change(CallKind.EDIT, sent, content=content)

    (line,) = rig.bia.received()
    assert (line.text, "photo" in line.body) == ("see", True)


async def test_a_line_is_taken_back_within_two_days(rig: Rig) -> None:
    one, other = await rig.say("a"), await rig.say("b")

    await rig.change(CallKind.DELETE, one)
    rig.telegram.forward(49 * 3600)
    with pytest.raises(DeliveryRejected) as refused:
        await rig.change(CallKind.DELETE, other)

    assert rig.bia.texts() == ["b"]
    assert refused.value.code == "telegram_too_old"


async def test_a_reaction_replaces_the_last_one_and_is_taken_away(rig: Rig) -> None:
    line = await rig.bia.writes("thanks")
    about = Sent(external_ids=(external_id(rig.bia.id, line.id),))

    await rig.change(CallKind.REACT, about, emoji="👍🏽")
    await rig.change(CallKind.REACT, about, emoji="❤️")
    shown = rig.bia.reactions(line)
    await rig.change(CallKind.UNREACT, about, emoji="❤️")

    assert shown == ["❤"]
    assert rig.bia.reactions(line) == []


# --- what does not arrive ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "details", "fault", "code"),
    [
        (403, "bot was blocked by the user", DeliveryRejected, "telegram_blocked"),
        (403, "user is deactivated", DeliveryRejected, "telegram_account_gone"),
        (403, "bot can't initiate conversation with a user", DeliveryRejected,
         "telegram_never_wrote"),
        (400, "chat not found", DeliveryRejected, "telegram_no_chat"),
        (400, "WHO_KNOWS", DeliveryRejected, "Telegram: Bad Request: WHO_KNOWS"),
        (401, "", CredentialsRejected, ""),
        (404, "", CredentialsRejected, ""),
        (413, "", DeliveryRejected, "telegram_too_large"),
        (500, "", OutcomeUnknown, ""),
    ],
)  # fmt: skip
async def test_a_refusal_is_told_for_what_it_is(
    rig: Rig, status: int, details: str, fault: type[DeskbridgeError], code: str
) -> None:
    rig.telegram.fault(Fault(method="sendMessage", kind="error", status=status, details=details))

    with pytest.raises(fault) as raised:
        await rig.say("hello")

    assert getattr(raised.value, "code", "") == code


async def test_whoever_blocked_the_bot_is_named_as_such(rig: Rig) -> None:
    await rig.bia.blocks()

    with pytest.raises(DeliveryRejected) as refused:
        await rig.say("hello")

    assert refused.value.code == "telegram_blocked"


async def test_whoever_never_wrote_cannot_be_written_to(rig: Rig) -> None:
    rui = rig.telegram.person(rig.bot, "Rui", started=False)

    with pytest.raises(DeliveryRejected):
        await rig.channel.send(Address(str(rui.id)), rig.call(content=text_content("hello")))


@pytest.mark.parametrize("kind", ["drop", "status"])
@pytest.mark.parametrize("accepted", [True, False])
async def test_an_answer_that_is_lost_is_unknown_and_nothing_is_sent_again(
    rig: Rig, kind: FaultKind, accepted: bool
) -> None:
    rig.telegram.fault(Fault(method="sendMessage", kind=kind, accepted=accepted))

    with pytest.raises(OutcomeUnknown):
        await rig.say("hello")

    assert rig.bia.texts() == (["hello"] if accepted else [])
    assert rig.telegram.api.calls.count("sendMessage") == 1


async def test_what_could_not_even_be_connected_is_to_be_tried_again(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as http, serve(tmp_path) as rig:
        settings = settings_for(rig.telegram, rig.bot, api_url="http://127.0.0.1:9")
        channel = Telegram(settings, context_of(rig.store, rig.files, rig.clock, http))

        with pytest.raises(TemporaryFailure) as raised:
            await channel.send(rig.customer, rig.call(content=text_content("hello")))

    assert rig.bot.token not in str(raised.value)


async def test_no_error_shows_the_token(rig: Rig) -> None:
    said = []
    kinds: tuple[FaultKind, ...] = ("drop", "status", "error")
    for kind in kinds:
        rig.telegram.fault(Fault(method="sendMessage", kind=kind))
        with pytest.raises(DeskbridgeError) as raised:
            await rig.say("hello")
        said += [str(raised.value), str(raised.value.__cause__)]

    assert not any(rig.bot.token in each for each in said)


# --- how fast ---------------------------------------------------------------------------------


async def test_telegrams_pause_is_obeyed_and_order_kept(rig: Rig) -> None:
    rig.telegram.fault(Fault(method="sendMessage", kind="error", status=429, retry_after=7, nth=3))

    waited = [await _patiently(rig, str(number)) for number in range(5)]

    assert rig.bia.texts() == list("01234")
    assert waited == [0, 0, 7, 0, 0]


async def _patiently(rig: Rig, text: str) -> float:
    """As a sender does it: wait as long as one is told, then again."""
    waited = 0.0
    while True:
        try:
            await rig.say(text)
        except TemporaryFailure as failure:
            waited += failure.retry_after or 0.0
            rig.clock.forward(round(waited * 1_000))
        else:
            return waited


async def test_with_its_pace_nothing_is_refused(tmp_path: Path) -> None:
    limits = Limits(chat=Window(most=3, seconds=0.3))
    async with serve(tmp_path, limits=limits, chat_seconds=0.1, chat_burst=3) as rig:
        people = [rig.bia, rig.telegram.person(rig.bot, "Rui")]

        async def four(person_id: int) -> None:
            for number in range(4):
                call = rig.call(content=text_content(str(number)))
                await rig.channel.send(Address(str(person_id)), call)

        await asyncio.gather(*(four(person.id) for person in people))

        assert rig.telegram.meter.refused == 0
        assert all(person.texts() == list("0123") for person in people)


async def test_one_customers_pause_is_not_everybodys(rig: Rig) -> None:
    rui = rig.telegram.person(rig.bot, "Rui")
    rig.telegram.fault(Fault(method="sendMessage", kind="error", status=429, retry_after=600))
    with pytest.raises(TemporaryFailure):
        await rig.say("hello")

    async with asyncio.timeout(30):
        await rig.channel.send(Address(str(rui.id)), rig.call(content=text_content("hi")))

    assert rui.texts() == ["hi"]
