"""Where a queue asks first: an offer is accepted, declined, let pass or taken back."""

import pytest

from bridge.domain.card import CardAction
from bridge.domain.contact import Identity
from bridge.domain.conversation import Hold, State
from bridge.domain.delivery import OfferedCommand
from bridge.domain.ids import HOUR, MINUTE, SECOND, AgentId, WorkspaceUserId
from bridge.domain.moves import ChangeAgent, SetMember, UnbindRoom
from bridge.ports.commands import WorkspaceUser
from bridge.ports.queries import Actions, ShowActions
from tests.fakes.office import Office
from tests.unit.engine.ruling import rule

RING = 30 * SECOND


@pytest.fixture
async def asking(office: Office) -> Office:
    """A desk whose queue asks, with one agent who is there."""
    await rule(office, offer_timeout=RING)
    await office.agent("ana", "sales")
    return office


def buttons(office: Office, handle: str) -> tuple[OfferedCommand, ...]:
    """What goes with the last thing that somebody was told privately."""
    return [offers for user, _, offers in office.workspace.whispers if user == f"u-{handle}"][-1]


def missed(office: Office, handle: str) -> int:
    agent = office.engine.desk.agent_by_handle(handle)
    assert agent is not None
    return agent.missed


def hold(office: Office) -> Hold:
    found = office.engine.desk.hold_on(office.conversation().id)
    assert found is not None
    return found


def by_name(office: Office, handle: str) -> AgentId:
    agent = office.engine.desk.agent_by_handle(handle)
    assert agent is not None
    return agent.id


async def shown(office: Office, handle: str) -> tuple[CardAction, ...]:
    view = await office.agents.ask(
        ShowActions(number=1, thread=office.work_thread()),
        WorkspaceUser(id=WorkspaceUserId(f"u-{handle}"), name=handle),
    )
    assert isinstance(view, Actions)
    return view.rows


async def press(office: Office, handle: str, button: OfferedCommand) -> str:
    answer = await office.command(handle, button.command, **button.arguments)
    return answer.code


async def test_the_chosen_agent_is_asked_privately_and_nobody_is_in_control(
    asking: Office,
) -> None:
    await asking.handed_over()

    accept, decline = buttons(asking, "ana")
    assert asking.conversation().state is State.OFFERED
    assert "Alice is waiting for somebody: #1" in asking.whispered("ana")[-1]
    assert "30 s" in asking.whispered("ana")[-1]
    assert (accept.label, decline.label) == ("Accept", "Decline")
    assert asking.engine.desk.load(hold(asking).agent) == 1


async def test_accepting_gives_control(asking: Office) -> None:
    await asking.handed_over()

    answer = await press(asking, "ana", buttons(asking, "ana")[0])

    assert answer == "taken"
    assert (asking.conversation().state, asking.holder()) == (State.ASSIGNED, "ana")
    assert asking.events()[-3:] == ["offered", "offer_accepted", "assigned"]
    assert "Ana is in control now." in asking.thread().words()


async def test_a_take_by_the_asked_one_accepts(asking: Office) -> None:
    await asking.handed_over()

    answer = await asking.command("ana", "take", "#1")

    assert answer.ok, answer
    assert "offer_accepted" in asking.events()


async def test_accepting_twice_is_no_reproach(asking: Office) -> None:
    await asking.handed_over()
    accept, _ = buttons(asking, "ana")

    await press(asking, "ana", accept)

    assert await press(asking, "ana", accept) == "already_yours"


async def test_the_last_free_slot_is_kept_for_the_answer(asking: Office) -> None:
    ana = asking.engine.desk.agent_by_handle("ana")
    assert ana is not None
    await asking.do(ChangeAgent(agent=ana.id, capacity=1))
    await asking.handed_over("one", "Alice")
    await asking.handed_over("two", "Bob")

    answer = await press(asking, "ana", buttons(asking, "ana")[0])

    assert answer == "taken"
    assert asking.conversation(2).state is State.WAITING


async def test_a_decline_goes_to_the_next_and_counts_for_nothing(asking: Office) -> None:
    await asking.agent("bruno", "sales")
    await asking.handed_over()
    since = asking.conversation().since
    await asking.later(5 * SECOND)

    answer = await press(asking, "ana", buttons(asking, "ana")[1])

    assert answer == "declined"
    assert asking.holder() == "bruno"
    assert asking.conversation().since == since
    assert missed(asking, "ana") == 0
    assert buttons(asking, "bruno")


async def test_who_declined_alone_is_asked_again_after_a_while(asking: Office) -> None:
    await asking.handed_over()

    await press(asking, "ana", buttons(asking, "ana")[1])
    before = asking.conversation().state
    await asking.later(31 * SECOND)

    assert before is State.WAITING
    assert asking.conversation().state is State.OFFERED


async def test_an_offer_that_passes_is_missed_and_goes_to_the_next(asking: Office) -> None:
    await asking.agent("bruno", "sales")
    await asking.handed_over()

    await asking.later(RING)

    assert asking.holder() == "bruno"
    assert missed(asking, "ana") == 1
    assert "offer_ended" in asking.events()


async def test_a_late_answer_is_told_that_it_is_late(asking: Office) -> None:
    await asking.handed_over()
    accept, decline = buttons(asking, "ana")
    await asking.later(RING)
    await asking.later(MINUTE)  # he is asked again

    assert asking.conversation().state is State.OFFERED
    assert await press(asking, "ana", accept) == "stale"
    assert await press(asking, "ana", decline) == "stale"
    assert asking.conversation().state is State.OFFERED


async def test_the_third_miss_makes_unavailable_and_tells_him_and_the_admins(
    asking: Office,
) -> None:
    await asking.agent("rita", admin=True)
    await asking.handed_over()

    for _ in range(3):
        await asking.later(RING)
        await asking.later(31 * SECOND)

    ana = asking.engine.desk.agent_by_handle("ana")
    assert ana is not None
    assert (ana.available, ana.reason) == (False, "missed")
    assert asking.conversation().state is State.WAITING
    assert "You missed 3 conversations in a row" in asking.whispered("ana")[-1]
    assert [button.label for button in buttons(asking, "ana")] == ["Become available"]
    assert "Nobody is available in Sales any more, and 1 customer" in asking.whispered("rita")[-1]


async def test_becoming_unavailable_takes_the_offer_back(asking: Office) -> None:
    await asking.handed_over()
    await asking.later(5 * SECOND)
    since = asking.conversation().since

    await asking.command("ana", "available", "off")

    assert (asking.conversation().state, asking.conversation().agent) == (State.WAITING, None)
    assert asking.conversation().since == since
    assert asking.engine.desk.hold_on(asking.conversation().id) is None
    assert missed(asking, "ana") == 0


async def test_leaving_the_queue_takes_its_offer_back(asking: Office) -> None:
    await asking.handed_over()
    ana, sales = hold(asking).agent, asking.conversation().queue
    assert sales is not None

    await asking.do(SetMember(queue=sales, agent=ana, level=None))

    assert asking.conversation().state is State.WAITING


async def test_being_removed_takes_the_offer_back(asking: Office) -> None:
    await asking.handed_over()

    await asking.do(ChangeAgent(agent=hold(asking).agent, active=False))

    assert asking.conversation().state is State.WAITING


async def test_a_priority_raised_meanwhile_leaves_the_offer_alone(asking: Office) -> None:
    await asking.handed_over()
    before = hold(asking)

    await asking.command("ana", "priority", "#1 urgent")

    assert hold(asking) == before
    assert asking.conversation().state is State.OFFERED


async def test_a_colleague_cannot_take_what_is_being_offered(asking: Office) -> None:
    await asking.handed_over()
    await asking.agent("bruno", "sales")

    take = await asking.command("bruno", "take", "#1")
    decline = await asking.command("bruno", "decline", "#1")

    assert [take.code, decline.code] == ["already_offered", "already_offered"]


async def test_an_admin_may_take_it_from_under_the_offer(asking: Office) -> None:
    await asking.agent("rita", admin=True)
    await asking.handed_over()

    answer = await asking.command("rita", "take", "#1")

    assert answer.ok, answer
    assert asking.holder() == "rita"
    assert asking.engine.desk.agent_holds(by_name(asking, "ana")) == ()


async def test_the_card_shows_the_buttons_to_the_one_who_is_asked(asking: Office) -> None:
    await asking.agent("bruno", "sales")
    await asking.handed_over()

    mine = await shown(asking, "ana")
    others = await shown(asking, "bruno")

    assert [(each.command, each.label) for each in mine][:2] == [
        ("take", "button.accept"),
        ("decline", ""),
    ]
    assert not {"take", "decline"} & {each.command for each in others}


async def test_what_the_customer_writes_meanwhile_is_there(asking: Office) -> None:
    await asking.handed_over("hello")

    await asking.customer("anybody?")
    await press(asking, "ana", buttons(asking, "ana")[0])

    assert "anybody?" in asking.thread().words()[0]


async def test_downtime_does_not_count_against_who_was_asked(asking: Office) -> None:
    await asking.handed_over()
    await asking.later(10 * SECOND)
    await asking.close()

    asking.clock.forward(HOUR)
    again = await Office(store=asking.store, clock=asking.clock, workspace=asking.workspace).open()
    await again.later(15 * SECOND)
    before = again.conversation().state
    await again.later(10 * SECOND)

    assert before is State.OFFERED
    assert again.conversation().state is State.WAITING
    await again.close()


async def test_who_can_be_asked_nowhere_is_simply_given_it(asking: Office) -> None:
    for room in list(asking.engine.desk.rooms):
        await asking.do(UnbindRoom(workspace=room.workspace, room=room.ref))

    await asking.handed_over()

    assert asking.conversation().state is State.ASSIGNED


async def test_an_ended_offer_is_not_what_the_customer_is_kept_for(asking: Office) -> None:
    """Being asked is not having had him: the next hand-over prefers nobody for it."""
    await asking.agent("rita", admin=True)
    await asking.handed_over()
    await asking.command("rita", "take", "#1")

    await asking.command("rita", "return-to-bot", "#1", confirmed="yes")

    [identity] = asking.store.entities[Identity].values()
    assert isinstance(identity, Identity)
    assert identity.last_agent == by_name(asking, "rita")
