"""A move on something that has gone meanwhile is out of date, never an error."""

import pytest

from bridge.commands.objections import objection
from bridge.domain.conversation import Priority
from bridge.domain.ids import Address, AgentId, QueueId, TemplateId
from bridge.domain.moves import (
    ChangeQueue,
    Move,
    ReturnToBot,
    SendTemplate,
    SetMember,
    SetPresence,
    SetPriority,
    StartConversation,
    Take,
    TransferToAgent,
    TransferToQueue,
)
from tests.unit.commands.desks import (
    ANA,
    BIA,
    GUS,
    HOURS,
    NOW,
    SALES,
    SUPPORT,
    WEB,
    FakeDesk,
    actor,
    identified,
)

NOWHERE, NOBODY, NO_QUEUE = identified(99), AgentId(99), QueueId(99)


@pytest.mark.parametrize(
    "move",
    [
        Take(conversation=NOWHERE),
        TransferToAgent(conversation=NOWHERE, agent=BIA),
        TransferToAgent(conversation=identified(10), agent=NOBODY),
        TransferToAgent(conversation=identified(10), agent=GUS),
        TransferToQueue(conversation=NOWHERE, queue=SUPPORT),
        TransferToQueue(conversation=identified(10), queue=NO_QUEUE),
        SetPriority(conversation=NOWHERE, priority=Priority.HIGH),
        ReturnToBot(conversation=NOWHERE),
        SetPresence(agent=NOBODY, available=True),
        SetPresence(agent=GUS, available=True),
        ChangeQueue(queue=NO_QUEUE, title="x"),
        SetMember(queue=NO_QUEUE, agent=ANA),
        SetMember(queue=SALES, agent=NOBODY),
        SendTemplate(conversation=identified(10), template=TemplateId(99)),
        SendTemplate(conversation=NOWHERE, template=HOURS),
        StartConversation(channel=WEB, address=Address("new"), template=TemplateId(99)),
    ],
)
def test_a_move_on_what_is_gone_is_out_of_date(desk: FakeDesk, move: Move) -> None:
    outcome = objection(actor(ANA), move, desk, NOW)

    assert outcome is not None
    assert outcome.code == "stale"
