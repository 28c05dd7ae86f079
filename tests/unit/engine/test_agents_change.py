"""An agent gets more or fewer slots, other queues, or goes: what he has, and who waits, follow."""

from collections.abc import Awaitable, Callable

import pytest

from bridge.domain.contact import Identity
from bridge.domain.conversation import State
from bridge.domain.ids import MINUTE, SECOND, SourceKey, WorkspaceUserId
from bridge.domain.moves import ChangeAgent, SetMember
from bridge.domain.queue import Queue
from bridge.ports.commands import UserKind, WorkspaceUser
from bridge.ports.workspace import MemberChanged
from tests.fakes.office import Office
from tests.unit.engine.ruling import rule


def queue(office: Office, name: str) -> Queue:
    found = office.engine.desk.queue_by_name(name)
    assert found is not None
    return found


async def leaves_the_workspace(office: Office, handle: str) -> None:
    """Somebody is let go."""
    office.sources += 1
    user = WorkspaceUser(id=WorkspaceUserId(f"u-{handle}"), name=handle, kind=UserKind.GONE)
    source = (SourceKey(f"member:{office.sources}"),)
    await office.agents.accept(MemberChanged(workspace=office.team, source=source, user=user))
    await office.quiet()


async def is_let_go(office: Office, handle: str) -> None:
    """The operator takes somebody out of use."""
    agent = office.engine.desk.agent_by_handle(handle)
    assert agent is not None
    await office.do(ChangeAgent(agent=agent.id, active=False))


# --- A5 -----------------------------------------------------------------------------------------


async def test_one_more_slot_is_filled_at_once(office: Office) -> None:
    ana = await office.agent("ana", "sales")
    await office.do(ChangeAgent(agent=ana.id, capacity=1))
    await office.handed_over(name="Alice")
    await office.handed_over(name="Bruno")
    before = office.holder(2)

    await office.do(ChangeAgent(agent=ana.id, capacity=2))

    assert (before, office.holder(2)) == ("", "ana")
    changes = [event.data for event in office.store.history if event.kind == "agent_changed"]
    assert changes[-1]["changed"] == "capacity"


# --- A6 -----------------------------------------------------------------------------------------


async def test_who_joins_a_queue_is_given_who_waits_there(office: Office) -> None:
    ana = await office.agent("ana", "sales")
    help_ = await office.queue("help")
    await office.handed_over(queue="help")

    await office.do(SetMember(queue=help_.id, agent=ana.id))

    assert office.holder() == "ana"


async def test_who_leaves_a_queue_keeps_what_he_has_and_gets_nothing_more(office: Office) -> None:
    ana = await office.agent("ana", "sales")
    await office.handed_over(name="Alice")

    await office.do(SetMember(queue=queue(office, "sales").id, agent=ana.id, level=None))
    await office.handed_over(name="Bruno")

    assert office.holder(1) == "ana"
    assert office.conversation(2).state is State.WAITING


# --- A7 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("goes", [leaves_the_workspace, is_let_go])
async def test_what_somebody_who_is_gone_held_waits_where_its_wait_puts_it(
    office: Office, goes: Callable[[Office, str], Awaitable[None]]
) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.says("ana", "hello")
    since = office.conversation().since
    await office.later(MINUTE)

    await goes(office, "ana")

    conversation = office.conversation()
    assert (conversation.state, conversation.since) == (State.WAITING, since)
    assert [event.cause for event in office.store.history if event.kind == "queued"][-1] == (
        "agent_gone"
    )
    (identity,) = office.store.entities[Identity].values()
    assert isinstance(identity, Identity)
    assert identity.last_agent is None


# --- A8 -----------------------------------------------------------------------------------------


async def test_who_hands_over_all_he_has_is_not_given_it_back(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.says("ana", "hello")
    since = office.conversation().since
    await office.later(MINUTE)

    asked = await office.command("ana", "available", "handover")
    done = await office.command("ana", "available", "handover", confirmed="yes")
    await office.command("ana", "available", "on")

    conversation = office.conversation()
    assert asked.code == "confirm_handover"
    assert done.ok
    assert (conversation.state, conversation.since) == (State.WAITING, since)
    assert office.holder() == ""
    await office.later(31 * SECOND)
    assert office.holder() == "ana"


# --- T10 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("patient", "holder"), [(True, "full"), (False, "other")])
async def test_the_queue_instead_of_somebody_full_prefers_him_there(
    office: Office, patient: bool, holder: str
) -> None:
    await office.agent("ana", "sales")
    await office.queue("help")
    await rule(office, "help", sticky_wait=MINUTE if patient else 0)
    full = await office.agent("full", "help")
    await office.do(ChangeAgent(agent=full.id, capacity=1))
    await office.handed_over(name="Bruno", queue="help")
    await office.handed_over(name="Alice")
    refused = await office.command("ana", "transfer", "#2 @full")
    (instead,) = refused.offers

    await office.command("ana", instead.command, **instead.arguments)
    await office.agent("other", "help")
    await office.command("full", "return-to-bot", "#1", confirmed="yes")

    assert refused.code == "target_full"
    assert office.holder(2) == holder
