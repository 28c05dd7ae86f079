"""A line goes out once; whatever becomes of it is known, or said to be unknown."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.domain.contact import Refuses
from bridge.domain.content import Content, TemplateUse
from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    DeskbridgeError,
    OutcomeUnknown,
    TemporaryFailure,
    WindowClosed,
)
from bridge.domain.ids import Address, ExternalId
from bridge.domain.message import Receipt
from bridge.domain.text import plain
from bridge.ports.calls import CallKind
from bridge.ports.channel import ReceiptChanged, WishesChanged
from bridge.simulators.graph.faults import Fault
from bridge.simulators.graph.limits import Limits
from bridge.simulators.graph.records import Sent
from bridge.simulators.graph.settings import Quirks
from tests.adapters.whatsapp.rig import Rig, serve

HELLO = Content(text=plain("hello"))


def receipts(rig: Rig) -> list[Receipt]:
    return [each.receipt for each in rig.core.of(ReceiptChanged)]


# --- once -------------------------------------------------------------------------------------


async def test_a_calls_key_comes_back_with_every_status(talking: Rig) -> None:
    await talking.channel.send(talking.customer, talking.call(content=HELLO, key="d42"))
    await talking.bia.reads()
    await talking.graph.settled()

    told = talking.core.of(ReceiptChanged)
    assert {each.key for each in told} == {"d42"}
    assert [each.receipt for each in told] == [Receipt.ACCEPTED, Receipt.DELIVERED, Receipt.READ]


async def test_a_lost_answer_is_found_in_the_webhooks(talking: Rig) -> None:
    talking.graph.fault(Fault(route="POST messages", kind="drop", accepted=True))

    sent = await talking.channel.send(talking.customer, talking.call(content=HELLO))

    (shown,) = talking.bia.received()
    assert sent.external_ids == (shown.id,)
    assert talking.graph.api.calls.count("POST messages") == 1


async def test_a_call_that_never_arrived_is_unknown_and_not_made_again(tmp_path: Path) -> None:
    async with serve(tmp_path, status_seconds=0.2) as rig:
        await rig.open_window()
        rig.graph.fault(Fault(route="POST messages", kind="drop"))

        with pytest.raises(OutcomeUnknown) as unknown:
            await rig.channel.send(rig.customer, rig.call(content=HELLO))

        assert unknown.value.final
        assert rig.graph.api.calls.count("POST messages") == 1


async def test_after_a_restart_a_kept_status_tells_what_became_of_a_call(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        await rig.open_window()
        rig.graph.telling.status(_of_an_earlier_process(rig, "d7"), "delivered")
        await rig.graph.settled()
        call = replace(rig.call(content=HELLO, key="d7"), doubtful=rig.clock.now())

        sent = await rig.channel.send(rig.customer, call)

        assert sent.external_ids == (rig.bia.received()[0].id,)
        assert len(rig.bia.received()) == 1


def _of_an_earlier_process(rig: Rig, key: str) -> Sent:
    """Bia has a line that no answer ever told this process of."""
    return rig.graph.world.keep(
        Sent(
            id=rig.graph.world.new_wamid(rig.bia.id),
            number=rig.number.id,
            customer=rig.bia.id,
            direction="out",
            type="text",
            body={"body": "hello"},
            at=rig.graph.world.now(),
            key=key,
            status="delivered",
        )
    )


# --- names ------------------------------------------------------------------------------------


async def test_what_a_customer_refuses_is_told(talking: Rig) -> None:
    await talking.bia.wants_marketing(False)
    await talking.graph.settled()
    line = _of_an_earlier_process(talking, "d8")
    talking.graph.telling.status(line, "failed", (131050, "No marketing, please"))
    await talking.graph.settled()
    await talking.bia.wants_marketing()
    await talking.graph.settled()

    told = talking.core.of(WishesChanged)
    assert {each.address for each in told} == {talking.customer}
    assert [each.refuses for each in told] == [
        Refuses.MARKETING,
        Refuses.MARKETING,
        Refuses.NOTHING,
    ]


async def test_the_id_that_whatsapp_gives_is_learned(talking: Rig) -> None:
    old = talking.graph.customer(talking.number, "551187654321", "Caio", phone="5511987654321")
    talking.graph.template(talking.number, "hello", {"type": "BODY", "text": "Oi"})
    await talking.channel.sync_templates()
    use = TemplateUse(name="hello", language="pt_BR")
    call = talking.call(content=Content(text=plain("Oi"), template=use))

    sent = await talking.channel.send(Address("+5511987654321"), call)

    assert sent.addresses == ("+551187654321",)
    assert len(old.received()) == 1


async def test_a_customer_without_a_number_is_written_to_by_his_user_id(talking: Rig) -> None:
    shy = talking.graph.customer(talking.number, "5511900000001", "Shy", hides_phone=True)
    await shy.writes("oi")
    await talking.graph.settled()

    await talking.channel.send(Address(shy.customer.user_id), talking.call(content=HELLO))

    assert len(shy.received()) == 1


# --- what goes wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (131026, DeliveryRejected),
        (131047, WindowClosed),
        (131056, TemporaryFailure),
        (130429, TemporaryFailure),
        (131000, TemporaryFailure),
        (190, CredentialsRejected),
        (999999, DeliveryRejected),
    ],
)
async def test_a_refusal_is_told_as_what_it_is(
    talking: Rig, code: int, expected: type[DeskbridgeError]
) -> None:
    talking.graph.fault(Fault(route="POST messages", kind="error", code=code, details="Why."))

    with pytest.raises(expected):
        await talking.channel.send(talking.customer, talking.call(content=HELLO))

    assert talking.bia.received() == []


async def test_an_unknown_code_is_shown_with_metas_own_words(talking: Rig) -> None:
    fault = Fault(route="POST messages", kind="error", code=999999, details="Moon in Aries.")
    talking.graph.fault(fault)

    with pytest.raises(DeliveryRejected) as refused:
        await talking.channel.send(talking.customer, talking.call(content=HELLO))

    assert refused.value.code == "WhatsApp 999999: Moon in Aries."


@pytest.mark.parametrize("how", ["refuse", "fail_later"])
async def test_a_window_that_meta_calls_closed_is_told_as_closed(tmp_path: Path, how: str) -> None:
    async with serve(tmp_path, quirks=Quirks(closed_window=how)) as rig:  # type: ignore[arg-type]
        await rig.open_window()
        rig.graph.forward(24 * 3600)

        if how == "refuse":
            with pytest.raises(WindowClosed):
                await rig.say("too late")
            return
        await rig.say("too late")
        await rig.graph.settled()
        assert [each.reason for each in rig.core.of(ReceiptChanged)] == ["window_closed"]


async def test_a_platform_that_hides_its_reason_leaves_a_doubt_not_a_second_line(
    tmp_path: Path,
) -> None:
    async with serve(tmp_path, status_seconds=0.2) as rig:
        await rig.open_window()
        rig.graph.fault(Fault(route="POST messages", kind="status", status=502))

        with pytest.raises(OutcomeUnknown):
            await rig.say("hello")


async def test_graph_that_cannot_be_reached_is_to_be_tried_again(talking: Rig) -> None:
    await talking.graph.stop()

    with pytest.raises(TemporaryFailure):
        await talking.say("hello")


# --- pace -------------------------------------------------------------------------------------


async def test_one_customer_is_not_sent_more_than_meta_allows(tmp_path: Path) -> None:
    limits = Limits(pair_burst=3, pair_seconds=0.1)
    async with serve(tmp_path, limits=limits, pair_burst=2, pair_seconds=0.15) as rig:
        await rig.open_window()

        for number in range(8):
            await rig.say(str(number))

        assert len(rig.bia.received()) == 8
        assert not rig.graph.meter.refused


async def test_a_number_does_not_send_more_than_meta_allows(tmp_path: Path) -> None:
    async with serve(tmp_path, limits=Limits(per_second=40), messages_per_second=35) as rig:
        await rig.open_window()
        people = [rig.graph.customer(rig.number, f"55119000000{n:02}") for n in range(60)]
        for person in people:
            await person.writes("oi")
        await rig.graph.settled()

        await asyncio.gather(
            *(
                rig.channel.send(Address(f"+{person.id}"), rig.call(content=HELLO))
                for person in people
            )
        )

        assert not rig.graph.meter.refused


# --- marks ------------------------------------------------------------------------------------


async def test_what_a_customer_wrote_is_read_when_somebody_answers(talking: Rig) -> None:
    line = await talking.bia.writes("hello?")
    await talking.graph.settled()
    before = line.id in talking.graph.world.seen

    await talking.say("hello!")
    await talking.graph.until(lambda: line.id in talking.graph.world.seen)

    assert not before


async def test_typing_is_shown_until_the_answer(talking: Rig) -> None:
    await talking.channel.show_typing(talking.customer, "Ana")
    await talking.graph.until(lambda: talking.bia.sees_typing)

    await talking.say("hello!")

    assert not talking.bia.sees_typing


async def test_nothing_is_read_where_read_marks_are_off(tmp_path: Path) -> None:
    async with serve(tmp_path, read_marks=False) as rig:
        await rig.open_window()
        await rig.say("hello!")
        await rig.channel.stop()

        assert not rig.graph.world.seen


async def test_a_reaction_is_shown_and_taken_back(talking: Rig) -> None:
    line = await talking.bia.writes("thanks")
    about = ExternalId(line.id)

    await talking.channel.send(
        talking.customer, talking.call(CallKind.REACT, about=about, emoji="👍")
    )
    shown = dict(talking.bia.reactions())
    await talking.channel.send(
        talking.customer, talking.call(CallKind.UNREACT, about=about, emoji="👍")
    )

    assert shown == {line.id: "👍"}
    assert talking.bia.reactions() == {}


# --- cost -------------------------------------------------------------------------------------


async def test_what_meta_calls_billable_is_counted_once_for_each_message(talking: Rig) -> None:
    await talking.say("one")
    await talking.say("two")
    await talking.bia.reads()
    await talking.graph.settled()

    counted = {
        dict(each.labels)["category"]: each.value
        for each in talking.channel.counts()
        if each.name == "whatsapp_billable"
    }
    assert counted == {"service": 2}
