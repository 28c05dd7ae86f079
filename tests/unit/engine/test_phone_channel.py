"""What a channel of telephone numbers needs: many names for one customer, a window, templates."""

from collections.abc import AsyncIterator

import pytest

from bridge.domain.content import text_content
from bridge.domain.delivery import Mark
from bridge.domain.errors import OutcomeUnknown, WindowClosed
from bridge.domain.ids import (
    DAY,
    HOUR,
    Address,
    ExternalId,
    Instant,
    SourceKey,
    WorkspaceUserId,
)
from bridge.domain.message import Author, Receipt
from bridge.domain.moves import CreateTemplate
from bridge.ports.bot import BotReply
from bridge.ports.capabilities import ChannelCapabilities, Support
from bridge.ports.channel import (
    AddressChanged,
    MessageReceived,
    OfferedTemplate,
    ReceiptChanged,
    TemplatesSynced,
)
from bridge.ports.commands import ArgumentKind, WorkspaceUser
from bridge.ports.queries import Choices, Complete
from tests.fakes.office import Office
from tests.fakes.sides import RecordingChannel

NINE, OLD, USER = Address("+5511912345678"), Address("+551112345678"), Address("BR.1")


@pytest.fixture
async def phone() -> AsyncIterator[Office]:
    capabilities = ChannelCapabilities(
        starts_conversations=True,
        phones=True,
        templates=Support.NATIVE,
        reply_window=DAY,
        repeats=True,
    )
    office = Office(channel=RecordingChannel(capabilities=capabilities))
    await office.open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    yield office
    await office.close()


async def writes(office: Office, words: str, *names: Address, at: Instant | None = None) -> None:
    office.sources += 1
    await office.customers.accept(
        MessageReceived(
            channel=office.web,
            address=names[0],
            also=names[1:],
            external_id=ExternalId(f"in-{office.sources}"),
            content=text_content(words),
            name="Bia",
            at=at,
        )
    )
    await office.quiet()


def lines(office: Office, number: int) -> list[str]:
    """What the customer of a conversation wrote."""
    of = office.conversation(number).id
    found = (m for m in office.store.messages.values() if m.author is Author.CUSTOMER)
    return [message.content.words() for message in found if message.conversation == of]


async def synced(office: Office, *templates: OfferedTemplate) -> None:
    await office.customers.accept(TemplatesSynced(channel=office.web, templates=templates))
    await office.quiet()


async def receipt(
    office: Office, receipt: Receipt, name: str, *, key: str = "", reason: str = ""
) -> None:
    await office.customers.accept(
        ReceiptChanged(
            channel=office.web,
            source=(SourceKey(f"{name}:{receipt}"),),
            external_id=ExternalId(name),
            receipt=receipt,
            key=key,
            reason=reason,
        )
    )
    await office.quiet()


async def test_a_customer_is_found_by_any_of_his_names(phone: Office) -> None:
    await writes(phone, "one", NINE, OLD)
    await writes(phone, "two", OLD, USER)
    await writes(phone, "three", USER)

    assert len(phone.engine.desk.identities) == 1
    assert lines(phone, 1) == ["one", "two", "three"]


async def test_a_name_of_somebody_else_is_left_to_him(phone: Office) -> None:
    await writes(phone, "I am Bia", NINE)
    await writes(phone, "I am Caio", USER)

    await writes(phone, "I am Bia, too", NINE, USER)
    await writes(phone, "still Caio", USER)

    assert [lines(phone, number) for number in (1, 2)] == [
        ["I am Bia", "I am Bia, too"],
        ["I am Caio", "still Caio"],
    ]


async def test_a_new_number_is_written_to_and_the_old_one_still_finds_him(phone: Office) -> None:
    await phone.handed_over()
    old = phone.engine.desk.identity(phone.conversation().identity)
    assert old is not None
    new = Address("+5521987654321")

    await phone.customers.accept(
        AddressChanged(channel=phone.web, source=(SourceKey("s"),), address=old.address, new=new)
    )
    await phone.says("ana", "hello")
    await writes(phone, "again", old.address)

    assert phone.channel.calls[-1][0] == new
    assert lines(phone, 1)[-1] == "again"


async def test_a_line_that_came_late_opens_the_window_from_when_it_was_written(
    phone: Office,
) -> None:
    await phone.handed_over()
    await phone.says("ana", "in time")
    begun = phone.clock.now()
    await phone.later(22 * HOUR)
    await writes(phone, "late", Address("addr-Alice"), at=Instant(begun + HOUR))

    await phone.later(3 * HOUR)
    await phone.says("ana", "too late")

    assert phone.channel.words() == ["in time"]
    assert "reply window is closed" in phone.whispered("ana")[-1]


async def test_the_window_is_the_customers_whatever_conversation_he_wrote_in(
    phone: Office,
) -> None:
    await writes(phone, "help", NINE)
    assert phone.bot is not None
    phone.bot.replies.append(BotReply(close=True))
    await writes(phone, "bye", NINE)
    await synced(phone, OfferedTemplate(name="hello", language="en", body="Hello!"))
    await phone.close()
    await phone.open()
    await phone.later(23 * HOUR)
    await phone.command("ana", "template", f"{NINE} hello", confirmed="yes")
    until = phone.thread(2).card.window_until

    await phone.says("ana", "one more thing", phone.work_thread(2))
    await phone.later(HOUR)
    await phone.says("ana", "too late", phone.work_thread(2))

    assert until == phone.clock.now()
    assert phone.channel.words() == ["Hello!", "one more thing"]
    assert phone.offered("ana") == ["template"]


async def test_to_whom_never_wrote_only_a_template_may_go(phone: Office) -> None:
    await synced(phone, OfferedTemplate(name="hello", language="en", body="Hello!"))
    await phone.command("ana", "template", f"{NINE} hello", confirmed="yes")

    await phone.says("ana", "did you see it?")
    before = list(phone.channel.words())
    await writes(phone, "yes", NINE)
    await phone.says("ana", "fine")

    assert before == ["Hello!"]
    assert phone.offered("ana") == ["template"]
    assert phone.channel.words() == ["Hello!", "fine"]


async def test_a_refusal_of_before_does_not_close_what_the_customer_opened_since(
    phone: Office,
) -> None:
    await phone.handed_over()
    await phone.says("ana", "one")
    await phone.later(HOUR)
    await writes(phone, "I am back", Address("addr-Alice"))

    await receipt(phone, Receipt.FAILED, "out-1", reason="window_closed")
    await phone.says("ana", "two")

    assert phone.channel.words() == ["one", "two"]


@pytest.mark.parametrize("later", [False, True], ids=["refused", "failed later"])
async def test_the_platforms_word_closes_the_window_whatever_we_counted(
    phone: Office, later: bool
) -> None:
    await phone.handed_over()
    if later:
        await phone.says("ana", "one")
        await receipt(phone, Receipt.FAILED, "out-1", reason="window_closed")
    else:
        phone.channel.failures.append(WindowClosed("24 hours"))
        await phone.says("ana", "one")
    calls = len(phone.channel.calls)
    offered = [offer.command for _, _, offers in phone.workspace.whispers for offer in offers]

    await phone.says("ana", "two")

    assert offered == ["template"]

    assert len(phone.channel.calls) == calls
    assert "reply window is closed" in phone.whispered("ana")[-1]


async def test_a_lost_answer_that_nobody_can_find_out_about_is_told_at_once(
    phone: Office,
) -> None:
    await phone.handed_over()
    phone.channel.failures.append(OutcomeUnknown("nobody knows", final=True))

    line = await phone.says("ana", "one")

    assert (line, Mark.UNKNOWN, False) in phone.thread().marks
    assert phone.channel.calls == []


async def test_a_status_that_comes_after_all_settles_the_line_by_its_calls_key(
    phone: Office,
) -> None:
    await phone.handed_over()
    phone.channel.failures.append(OutcomeUnknown("nobody knows", final=True))
    await phone.says("ana", "one")
    key = next(
        f"d{id_}" for id_, each in phone.store.all_deliveries.items() if each.side == "channel"
    )

    await receipt(phone, Receipt.DELIVERED, "wamid.1", key=key)
    await receipt(phone, Receipt.READ, "wamid.1")

    ours = [m for m in phone.store.messages.values() if m.content.words() == "one"]
    assert [message.receipt for message in ours] == [Receipt.READ]


async def templates_offered(phone: Office) -> set[str]:
    """What Ana may choose from in the first conversation."""
    view = await phone.agents.ask(
        Complete(kind=ArgumentKind.TEMPLATE, prefix="", number=1),
        WorkspaceUser(id=WorkspaceUserId("u-ana"), name="ana"),
    )
    assert isinstance(view, Choices)
    return {option.value for option in view.options}


async def test_a_text_of_the_teams_own_does_not_open_a_closed_window(phone: Office) -> None:
    await phone.handed_over()
    theirs = OfferedTemplate(name="hello", language="en", body="Hello again!")
    await synced(phone, theirs)
    await phone.do(CreateTemplate(name="ours", language="en", body="Are you there?"))
    offered = await templates_offered(phone)
    within = await phone.command("ana", "template", "#1 ours", confirmed="yes")
    await phone.later(HOUR)
    await writes(phone, "yes", Address("addr-Alice"))
    await phone.later(DAY)

    later = await templates_offered(phone)
    refused = await phone.command("ana", "template", "#1 ours", confirmed="yes")
    sent = await phone.command("ana", "template", "#1 hello", confirmed="yes")

    assert (within.ok, refused.code, sent.ok) == (True, "only_own_templates", True)
    assert phone.channel.words() == ["Are you there?", "Hello again!"]
    assert offered == {"ours", "hello"}
    assert later == {"hello"}


async def test_a_platforms_templates_are_the_desks_and_go_when_they_are_gone(
    phone: Office,
) -> None:
    hello = OfferedTemplate(name="hello", language="pt_BR", body="Oi, {{1}}!")
    await synced(phone, hello, OfferedTemplate(name="old", language="en", body="Old"))
    first = {each.name: each.id for each in phone.engine.desk.templates()}
    await synced(
        phone, hello, OfferedTemplate(name="new", language="en", body="New", approved=False)
    )

    found = {each.name: (each.id, each.approved) for each in phone.engine.desk.templates()}
    assert found["hello"] == (first["hello"], True)
    assert set(found) == {"hello", "new"}
    assert not found["new"][1]
