"""What people do on Telegram arrives once, whole and in order, by polling."""

from pathlib import Path

import pytest

from bridge.adapters.channels.telegram.adapter import Telegram
from bridge.adapters.channels.telegram.buttons import KEPT
from bridge.adapters.channels.telegram.receiving import PATIENCE
from bridge.domain.content import Choice, FileKind
from bridge.domain.errors import StorageUnavailable
from bridge.ports.channel import (
    CustomerLeft,
    MessageEdited,
    MessageReceived,
    Reacted,
    WishesChanged,
)
from bridge.simulators.telegram import Attached, EventFault, Fault
from tests.adapters.telegram.rig import PNG, Rig, context_of, serve, settings_for, started
from tests.patience import until

BYTES = bytes(range(256)) * 300


def words(rig: Rig) -> list[str]:
    return [event.content.words() for event in rig.core.of(MessageReceived)]


# --- what arrives -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "body", "shown"),
    [
        ("photo", PNG, FileKind.IMAGE),
        ("document", b"%PDF" + BYTES, FileKind.DOCUMENT),
        ("voice", b"OggS" + BYTES, FileKind.VOICE),
        ("document", b"", FileKind.DOCUMENT),
    ],
)
async def test_a_file_arrives_byte_for_byte(
    rig: Rig, kind: str, body: bytes, shown: FileKind
) -> None:
    await rig.bia.sends_file(body, kind=kind, caption="see")
    await rig.arrived(1)

    (event,) = rig.core.of(MessageReceived)
    (file,) = event.content.files
    assert rig.files.path(file.id).read_bytes() == body
    assert (file.kind, event.content.words()) == (shown, "see")


async def test_an_album_arrives_together_and_in_order(rig: Rig) -> None:
    bodies = [PNG + bytes([number]) for number in range(5)]

    await rig.bia.sends_album(*(Attached(body=each, kind="photo") for each in bodies))
    await rig.bia.writes("these")
    await rig.arrived(6)

    *pictures, last = rig.core.of(MessageReceived)
    stored = [rig.files.path(each.content.files[0].id).read_bytes() for each in pictures]
    assert stored == bodies
    assert last.content.words() == "these"


async def test_a_file_over_the_limit_is_a_line_that_names_it(tmp_path: Path) -> None:
    async with serve(tmp_path, max_file_mb=1) as rig:
        await rig.bia.sends_file(b"x" * (1024 * 1024 + 1), kind="document", name="big.bin")
        await rig.arrived(1)

        (event,) = rig.core.of(MessageReceived)
    assert event.content.files == ()
    assert "big.bin is missing: it is larger than the 1 MB" in event.content.words()


async def test_what_telegram_itself_does_not_give_is_a_line_that_names_the_limit(
    tmp_path: Path,
) -> None:
    async with serve(tmp_path, max_file_mb=100) as rig:
        await rig.bia.sends_file(b"x" * (20 * 1024 * 1024 + 1), kind="document", name="big.bin")
        await rig.arrived(1)

        assert "big.bin is missing: it is larger than the 20 MB" in words(rig)[0]


async def test_edits_reactions_and_answers_are_about_their_lines(rig: Rig) -> None:
    sent = await rig.say("Which?")
    ours = rig.bia.received()[-1]

    line = await rig.bia.writes("bleu", quoting=ours)
    await rig.bia.edits(line, "blue")
    await rig.bia.reacts(ours, "👍")
    await rig.bia.reacts(ours)
    await rig.arrived(4)

    received, edited, *reactions = rig.core.events
    assert isinstance(received, MessageReceived)
    assert received.quoted == sent.external_ids[0]
    assert isinstance(edited, MessageEdited)
    assert (edited.external_id, edited.content.words()) == (received.external_id, "blue")
    told = [(each.emoji, each.removed) for each in reactions if isinstance(each, Reacted)]
    assert told == [("👍", False), ("👍", True)]
    assert all(each.external_id == sent.external_ids[0] for each in rig.core.of(Reacted))


async def test_a_file_whose_words_are_edited_is_fetched_once(rig: Rig) -> None:
    line = await rig.bia.sends_file(PNG, kind="photo", caption="se")

    await rig.bia.edits(line, "see")
    await rig.arrived(2)

    (received,), (edited,) = rig.core.of(MessageReceived), rig.core.of(MessageEdited)
    assert edited.content.files == received.content.files
    assert edited.content.words() == "see"


async def test_a_place_that_moves_is_told_now_and_then(rig: Rig) -> None:
    place = await rig.bia.shares_place(1, 1, live_period=3600)

    for step in range(5):
        await rig.bia.moves(place, 2 + step, 2)
    await rig.arrived(2)
    rig.clock.forward(60_000)
    await rig.bia.moves(place, 9, 9)
    await rig.arrived(3)

    places = [each.content.location for each in rig.core.of(MessageEdited)]
    assert [place.latitude for place in places if place] == [2, 9]


async def test_a_pressed_button_is_a_line_and_waits_no_more(rig: Rig) -> None:
    await rig.say("Sure?", choices=(Choice(id="y", label="Yes"),))

    press = await rig.bia.presses(rig.bia.received()[-1], "Yes")
    await rig.arrived(1)

    (event,) = rig.core.of(MessageReceived)
    assert (event.content.chosen, event.content.words()) == ("y", "Yes")
    await until(lambda: rig.bia.answer_to(press).answered)


@pytest.mark.parametrize("choice", ["order:" + "7" * 100, "~1", ""])
async def test_a_choice_that_a_button_cannot_carry_comes_back_whole(rig: Rig, choice: str) -> None:
    await rig.say("Sure?", choices=(Choice(id=choice, label="Yes"),))

    await _another(rig)
    await rig.bia.presses(rig.bia.received()[-1], "Yes")
    await rig.arrived(1)

    assert rig.core.of(MessageReceived)[0].content.chosen == choice


async def test_a_button_is_forgotten_when_nobody_pressed_it_for_half_a_year(rig: Rig) -> None:
    await rig.say("Sure?", choices=(Choice(id="x" * 99, label="Yes"),))
    kept = [key for key in rig.store.documents if key[0] == "buttons"]

    await rig.channel.tidy()
    still = [key for key in rig.store.documents if key[0] == "buttons"]
    rig.clock.forward(KEPT + 1)
    await rig.channel.tidy()

    assert len(kept) == 1
    assert still == kept
    assert not any(key[0] == "buttons" for key in rig.store.documents)


async def test_in_groups_the_bot_hears_nothing(rig: Rig) -> None:
    group = rig.telegram.group(rig.bot, "Us", rig.bia, admin=True)

    await rig.bia.at(group).writes("hello all")
    await rig.bia.writes("hello")
    await rig.arrived(1)

    assert words(rig) == ["hello"]
    counted = {count.name: count.value for count in rig.channel.counts()}
    assert counted["telegram_elsewhere"] >= 1


async def test_what_nobody_knows_is_kept_as_it_came_and_counted(rig: Rig) -> None:
    await rig.bia.sends({"hologram": {"depth": 3}})
    await rig.arrived(1)

    (kept,) = await rig.store.read("unknown", 0, 10)
    assert b'"hologram"' in kept.body
    kinds = [dict(count.labels).get("kind") for count in rig.channel.counts()]
    assert "hologram" in kinds
    assert "hologram" in words(rig)[0]


async def test_who_blocked_has_left_and_may_come_back(rig: Rig) -> None:
    await rig.bia.blocks()
    await rig.bia.unblocks()
    await rig.bia.writes("back")
    await rig.arrived(3)

    assert [type(event) for event in rig.core.events] == [
        CustomerLeft,
        WishesChanged,
        MessageReceived,
    ]
    assert words(rig) == ["back"]


# --- nothing is lost, doubled or reordered ----------------------------------------------------


async def test_what_could_not_be_stored_is_tried_again_in_order(rig: Rig) -> None:
    rig.core.fault = StorageUnavailable("the disk is full")
    for number in range(5):
        await rig.bia.writes(str(number))
    await until(lambda: rig.core.refused)

    rig.core.fault = None
    await rig.arrived(5)

    assert words(rig) == list("01234")


async def test_a_line_that_breaks_us_keeps_no_other_away(rig: Rig) -> None:
    rig.core.fault = RuntimeError("a fault of ours")
    await rig.bia.writes("a")
    await until(lambda: rig.core.refused)

    rig.core.fault = None
    await rig.bia.writes("b")
    await rig.arrived(1)

    assert words(rig) == ["b"]


async def test_what_telegram_refuses_to_tell_is_asked_for_again(rig: Rig) -> None:
    rig.telegram.fault(Fault(method="getUpdates", kind="error", status=400, details="NEW_RULE"))

    for number in range(3):
        await rig.bia.writes(str(number))
    await rig.arrived(3)

    assert words(rig) == list("012")


async def test_a_restart_in_the_middle_loses_nothing_and_doubles_nothing(rig: Rig) -> None:
    for number in range(3):
        await rig.bia.writes(str(number))
    await rig.arrived(3)
    rig.core.fault = StorageUnavailable("the disk is full")
    for number in range(3, 6):
        await rig.bia.writes(str(number))
    await until(lambda: rig.core.refused)

    await rig.channel.stop()
    rig.core.fault = None
    await _another(rig)
    await rig.arrived(6)

    assert words(rig) == list("012345")


async def _another(rig: Rig) -> None:
    """The same desk, started again."""
    await rig.channel.stop()
    context = context_of(rig.store, rig.files, rig.clock, rig.http)
    rig.channel = Telegram(settings_for(rig.telegram, rig.bot), context)
    await started(rig)


async def test_an_answer_that_is_lost_on_its_way_is_given_again(rig: Rig) -> None:
    rig.telegram.fault(Fault(method="getUpdates", kind="drop", accepted=True, times=2))

    for number in range(5):
        await rig.bia.writes(str(number))
    await rig.arrived(5)

    assert words(rig) == list("01234")


async def test_what_comes_twice_is_taken_once(rig: Rig) -> None:
    rig.telegram.fault(EventFault(type="message", kind="duplicate", copies=2))

    await rig.bia.writes("a")
    await rig.bia.writes("b")
    await rig.arrived(2)

    assert words(rig) == ["a", "b"]


async def test_after_a_quiet_week_the_next_line_arrives(rig: Rig) -> None:
    await rig.bia.writes("a")
    await rig.arrived(1)

    rig.telegram.forward(8 * 24 * 3600)
    await rig.bia.writes("b")
    await rig.arrived(2)

    assert words(rig) == ["a", "b"]


async def test_a_file_that_does_not_come_keeps_nobody_else_waiting(rig: Rig) -> None:
    rui = rig.telegram.person(rig.bot, "Rui")
    rig.telegram.fault(Fault(method="file", kind="status", status=502, times=None))

    await rig.bia.sends_file(PNG, kind="photo")
    await rig.bia.writes("did you get it?")
    await rui.writes("hello")
    await rig.core.until(lambda core: bool(core.events))

    assert words(rig) == ["hello"]


async def test_a_file_that_never_comes_is_a_line_in_the_end(rig: Rig) -> None:
    rig.telegram.fault(Fault(method="file", kind="status", status=502, times=None))
    await rig.bia.sends_file(PNG, kind="photo", caption="see")
    await rig.bia.writes("did you get it?")
    await until(lambda: rig.telegram.api.calls.count("file") > 3)  # the first time was in vain

    rig.clock.forward(PATIENCE)
    await rig.arrived(2)

    assert words(rig) == [
        "see\n[image.jpg is missing: Telegram did not hand it over]",
        "did you get it?",
    ]


# --- who else asks ----------------------------------------------------------------------------


async def test_another_who_asks_is_told_of_once_and_kept_for_the_doctor(rig: Rig) -> None:
    await _asks_too(rig)
    await until(lambda: ("state", "trouble") in rig.store.documents)

    await until(lambda: rig.telegram.polls.waits(rig.bot.id))
    await rig.bia.writes("still there?")
    await rig.arrived(1)

    await until(lambda: ("state", "trouble") not in rig.store.documents)


async def _asks_too(rig: Rig) -> None:
    url = f"{rig.telegram.base_url}{rig.bot.token}/getUpdates"
    async with rig.http.post(url, json={"timeout": 0}) as answer:
        assert answer.status == 200


async def test_a_webhook_of_somebody_elses_is_left_alone_and_told(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        url = f"{rig.telegram.base_url}{rig.bot.token}/setWebhook"
        async with rig.http.post(url, json={"url": "http://127.0.0.1:9/other/secret"}) as answer:
            assert answer.status == 200

        await until(lambda: ("state", "trouble") in rig.store.documents)

        told = rig.store.documents["state", "trouble"]
        assert b"127.0.0.1:9" in told
        assert b"/other/secret" not in told
        assert rig.telegram.world.hooks[rig.bot.id].url


async def test_a_webhook_that_was_ours_gives_way_to_polling(tmp_path: Path) -> None:
    async with serve(tmp_path, webhook=True) as rig:
        await rig.channel.stop()
        await rig.bia.writes("in between")

        await _another(rig)
        await rig.arrived(1)

        assert words(rig) == ["in between"]
