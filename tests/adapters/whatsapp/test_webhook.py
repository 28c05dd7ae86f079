"""The webhook takes what Meta signed, all of it, once, and in each customer's order."""

import asyncio
import random

import pytest

from bridge.adapters.channels.whatsapp.signature import sign
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.ports.channel import (
    AddressChanged,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Reacted,
)
from bridge.simulators.graph.faults import EventFault
from bridge.simulators.graph.office import Envelope
from bridge.simulators.graph.settings import Quirks
from tests.adapters.whatsapp.payloads import META, OURS, body
from tests.adapters.whatsapp.rig import Rig

HOOK = body({"object": "whatsapp_business_account", "entry": []})


def words(rig: Rig) -> list[str]:
    return [each.content.words() for each in rig.core.of(MessageReceived)]


# --- who it is --------------------------------------------------------------------------------


async def test_a_challenge_is_answered_with_metas_own_word(rig: Rig) -> None:
    query = {
        "hub.mode": "subscribe",
        "hub.verify_token": rig.number.verify_token,
        "hub.challenge": "1158201444",
    }
    async with rig.http.get(rig.url, params=query) as answer:
        assert (answer.status, await answer.text()) == (200, "1158201444")


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "another one"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
    ],
)
async def test_a_challenge_of_somebody_else_is_refused(rig: Rig, change: dict[str, str]) -> None:
    query = {
        "hub.mode": "subscribe",
        "hub.verify_token": rig.number.verify_token,
        "hub.challenge": "1",
        **change,
    }
    async with rig.http.get(rig.url, params=query) as answer:
        assert answer.status == 401


def signatures(rig: Rig, hook: bytes) -> dict[str, tuple[str, ...]]:
    """Every way in which a signature may be wrong."""
    good = sign(rig.number.app_secret, hook)
    return {
        "none": (),
        "empty": ("",),
        "forged": (f"sha256={'0' * 64}",),
        "of another secret": (sign("another secret", hook),),
        "of another body": (sign(rig.number.app_secret, hook + b" "),),
        "without its name": (good.removeprefix("sha256="),),
        "in capitals": (good.upper(),),
        "too short": (good[:-1],),
        "too long": (f"{good}0",),
        "sha1": (good.replace("sha256", "sha1"),),
        "twice": (good, good),
        "in other letters": ("sha256=" + "é" * 64,),
    }


async def test_whatever_is_not_signed_by_meta_is_refused_and_leaves_nothing(rig: Rig) -> None:
    hook = body(META["Group Create Message"])

    answers = {name: await rig.post(hook, *each) for name, each in signatures(rig, hook).items()}

    assert set(answers.values()) == {401}, answers
    assert rig.core.of(MessageReceived) == []
    assert await rig.store.read("unknown", 0, 10) == []


async def test_the_bytes_are_what_is_signed_not_what_they_mean(rig: Rig) -> None:
    signed = sign(rig.number.app_secret, b'{"entry":[]}')

    assert await rig.post(b'{"entry":[]}', signed) == 200
    assert await rig.post(b'{"entry": []}', signed) == 401


async def test_more_than_meta_ever_sends_is_refused(rig: Rig) -> None:
    huge = b" " * (4 * 1024 * 1024 + 1)

    assert await rig.post(huge, sign(rig.number.app_secret, huge)) == 413


# --- what is taken ----------------------------------------------------------------------------


async def test_everything_a_customer_does_arrives(rig: Rig) -> None:
    line = await rig.bia.writes("befroe")
    await rig.bia.edits(line, "before")
    await rig.bia.reacts(line, "👍")
    await rig.bia.revokes(line)
    await rig.bia.changes_number("5521987654321", "BR.99")
    await rig.graph.settled()

    kinds = (MessageReceived, MessageEdited, Reacted, MessageDeleted, AddressChanged)
    assert [len(rig.core.of(kind)) for kind in kinds] == [1, 1, 1, 1, 1]
    assert rig.graph.office.failed == []


async def test_an_answer_names_what_it_answers(talking: Rig) -> None:
    ours = (await talking.say("Which?")).external_ids[0]
    (shown,) = talking.bia.received()

    await talking.bia.writes("This", quoting=shown)
    await talking.graph.settled()

    assert talking.core.of(MessageReceived)[-1].quoted == ours


async def test_every_change_of_a_batch_is_taken(rig: Rig) -> None:
    rig.graph.turn(Quirks(batch=7))
    for number in range(20):
        await rig.bia.writes(str(number))
    rig.graph.office.flush()
    await rig.graph.settled()

    assert len(rig.graph.office.taken) == 3
    assert words(rig) == [str(number) for number in range(20)]


async def test_lines_of_one_customer_stay_in_order_behind_a_slow_file(rig: Rig) -> None:
    await rig.bia.sends_file(b"%PDF-1.7" + b"x" * 200_000, "application/pdf", caption="0")
    await rig.bia.writes("1")
    await rig.bia.writes("2")
    bodies = [one.body for one in await _withheld(rig)]

    answers = await asyncio.gather(
        *(rig.post(each, sign(rig.number.app_secret, each)) for each in bodies)
    )

    assert set(answers) == {200}
    assert words(rig) == ["0", "1", "2"]


async def _withheld(rig: Rig) -> list[Envelope]:
    """What was brought already is forgotten by the core, so that it can come again."""
    await rig.graph.settled()
    rig.core.forget()
    return list(rig.graph.office.taken)


async def test_what_is_delivered_many_times_in_any_order_has_one_effect(rig: Rig) -> None:
    count, dice = 5_000, random.Random(7)
    rig.graph.turn(Quirks(batch=10))
    for number in range(count):
        await rig.bia.writes(str(number))
    rig.graph.office.flush()
    await rig.graph.settled(60)
    once = await _withheld(rig)
    every = [each for each in once for _ in range(dice.randint(1, 5))]
    dice.shuffle(every)

    for each in every:
        rig.graph.office.post(Envelope(each.number, each.body, each.first_at))
    await rig.graph.settled(100)

    assert sorted(map(int, words(rig))) == list(range(count))


@pytest.mark.parametrize(
    "fault", [EventFault(kind="duplicate", type="messages", copies=3), EventFault(kind="swap")]
)
async def test_webhooks_that_come_twice_or_in_another_order_lose_nothing(
    rig: Rig, fault: EventFault
) -> None:
    rig.graph.fault(fault)
    await rig.bia.writes("a")
    await rig.bia.writes("b")
    await rig.graph.settled()

    assert sorted(words(rig)) == ["a", "b"]


@pytest.mark.parametrize("fault", [StorageUnavailable("full"), Overloaded("busy")])
async def test_what_was_not_stored_is_brought_again_for_seven_days(
    rig: Rig, fault: Exception
) -> None:
    rig.core.fault = fault
    await rig.bia.writes("hello")
    await rig.graph.settled()
    rig.graph.forward(6 * 24 * 3600)

    rig.core.fault = None
    rig.graph.office.redeliver()
    await rig.graph.settled()

    assert words(rig) == ["hello"]
    assert rig.graph.office.taken[-1].answers == (503, 200)


async def test_nothing_is_taken_while_the_desk_stops(rig: Rig) -> None:
    await rig.channel.stop()

    assert await rig.post(HOOK, sign(rig.number.app_secret, HOOK)) == 503


# --- what is not known ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hook",
    [
        body(META["Group Create Message"]),
        b"no json",
        b"[]",
        b"\xff\xfe",
        body(OURS["other number"]),
    ],
    ids=["group", "no json", "a list", "no text", "other number"],
)
async def test_what_is_not_known_is_kept_once_counted_and_taken(rig: Rig, hook: bytes) -> None:
    answers = [await rig.post(hook, sign(rig.number.app_secret, hook)) for _ in range(2)]

    assert answers == [200, 200]
    assert len(await rig.store.read("unknown", 0, 10)) == 1
    counted = [each.value for each in rig.channel.counts() if each.name == "whatsapp_unknown"]
    assert counted == [2]


async def test_made_up_kinds_do_not_fill_the_counters(rig: Rig) -> None:
    for number in range(80):
        hook = body({"entry": [{"changes": [{"field": f"field{number}", "value": {}}]}]})
        await rig.post(hook, sign(rig.number.app_secret, hook))

    counted = [each for each in rig.channel.counts() if each.name == "whatsapp_unknown"]
    assert len(counted) <= 51
    assert sum(each.value for each in counted) == 80
