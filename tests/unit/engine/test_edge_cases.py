"""Every edge of distribution, one row each: what happens, and that it does.

A row is named as in the design. One is missing: nobody can ask for a skill that nobody has, for
there are no skills; queues and levels are what an agent is known by.
"""

from collections.abc import Awaitable, Callable

import pytest
from msgspec.structs import replace

from bridge.domain.conversation import State
from bridge.domain.errors import TemporaryFailure
from bridge.domain.hours import read_hours
from bridge.domain.ids import HOUR, MINUTE, SECOND
from bridge.domain.moves import ChangeAgent, ChangeQueue
from bridge.domain.queue import OverflowEnd, Strategy
from tests.fakes.office import Office
from tests.unit.engine.ruling import rule

ROWS = (
    "agent unavailable with open conversations",
    "platform disconnect",
    "offer expires on the only agent",
    "customer writes while WAITING/PARKED",
    "customer writes after ENDED",
    'two agents click "Take"',
    "pull while FULL",
    "transfer to FULL / unavailable agent",
    "transfer to queue with nobody",
    "transfer to oneself / same queue",
    "A→B→A overflow cycle",
    "priority raised while OFFERED",
    "capacity lowered below load",
    "1 000 parked at opening",
    "queue deleted with waiting ones",
    "hours change while waiting",
    "clock jumps",
    "Slack/Discord API down",
    "duplicate/late interaction",
)

Case = Callable[[Office], Awaitable[None]]
CASES: dict[str, Case] = {}


def row(name: str) -> Callable[[Case], Case]:
    """This function is that row's proof."""

    def named(case: Case) -> Case:
        CASES[name] = case
        return case

    return named


async def capacity(office: Office, handle: str, slots: int) -> None:
    agent = office.engine.desk.agent_by_handle(handle)
    assert agent is not None
    await office.do(ChangeAgent(agent=agent.id, capacity=slots))


def load(office: Office, handle: str) -> int:
    agent = office.engine.desk.agent_by_handle(handle)
    assert agent is not None
    return office.engine.desk.load(agent.id)


@row("agent unavailable with open conversations")
async def _(office: Office) -> None:
    """What he has he keeps, nothing new comes, and nobody is kept for him."""
    await office.agent("ana", "sales")
    await office.handed_over("one", "Alice")
    await office.says("ana", "hello")

    await office.command("ana", "available", "off")
    await office.handed_over("two", "Bob")

    assert office.holder(1) == "ana"
    assert office.conversation(2).state is State.WAITING


@row("platform disconnect")
async def _(office: Office) -> None:
    """Nothing by itself: an hour of silence later he is given the next one all the same."""
    await office.agent("ana", "sales")
    await office.later(HOUR)

    await office.handed_over()

    assert office.holder() == "ana"


@row("offer expires on the only agent")
async def _(office: Office) -> None:
    """After the cool-down he is asked again; after the third miss he is unavailable."""
    await rule(office, offer_timeout=30 * SECOND)
    await office.agent("ana", "sales")
    await office.handed_over()

    states = []
    for _ in range(3):
        await office.later(30 * SECOND)
        states.append(office.conversation().state)
        await office.later(31 * SECOND)
        states.append(office.conversation().state)

    assert states[:4] == [State.WAITING, State.OFFERED] * 2
    assert states[4:] == [State.WAITING, State.WAITING]


@row("customer writes while WAITING/PARKED")
async def _(office: Office) -> None:
    """It is appended, and his place stays what it was."""
    await office.handed_over("one", "Alice")
    await office.later(SECOND)
    await office.handed_over("two", "Bob")
    before = office.conversation(1)

    await office.customer("still there?", "Alice")

    after = office.conversation(1)
    assert (after.since, after.priority, after.state) == (
        before.since,
        before.priority,
        before.state,
    )
    assert after.last_customer_at is not None


@row("customer writes after ENDED")
async def _(office: Office) -> None:
    """A new conversation with the bot; on the next hand-over his last agent has him."""
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.command("ana", "return-to-bot", "#1", confirmed="yes")
    await office.agent("bruno", "sales")

    await office.handed_over("again")

    assert office.conversation(1).state is State.ENDED
    assert office.holder(2) == "ana"


@row('two agents click "Take"')
async def _(office: Office) -> None:
    """The first has it, the second is told who that is."""
    await office.pull_only()
    for handle in ("ana", "bruno"):
        await office.agent(handle, "sales")
    await office.handed_over()

    answers = [await office.command(handle, "take", "#1") for handle in ("ana", "bruno")]

    assert [answer.code for answer in answers] == ["taken", "already_taken"]


@row("pull while FULL")
async def _(office: Office) -> None:
    """No; an admin is offered to go past it."""
    await office.pull_only()
    await office.agent("ana", "sales")
    await office.agent("rita", "sales", admin=True)
    for handle in ("ana", "rita"):
        await capacity(office, handle, 0)
    await office.handed_over()

    agent = await office.command("ana", "take", "#1")
    admin = await office.command("rita", "take", "#1")

    assert (agent.code, agent.offers) == ("at_capacity", ())
    assert [offer.arguments["force"] for offer in admin.offers] == ["yes"]


@row("transfer to FULL / unavailable agent")
async def _(office: Office) -> None:
    """Refused with his queue instead, and never quietly queued."""
    await office.agent("ana", "sales")
    await office.queue("help")
    await office.agent("full", "help")
    await office.agent("away", "help", available=False)
    await capacity(office, "full", 0)
    await office.handed_over()

    answers = [await office.command("ana", "transfer", f"#1 @{to}") for to in ("full", "away")]

    assert [answer.code for answer in answers] == ["target_full", "target_unavailable"]
    assert [answer.offers[0].arguments["target"] for answer in answers] == ["help", "help"]
    assert office.holder() == "ana"


@row("transfer to queue with nobody")
async def _(office: Office) -> None:
    """It waits there, its place kept, and whoever sent it knows."""
    await office.agent("ana", "sales")
    await office.queue("help")
    await office.handed_over()
    since = office.conversation().since
    await office.later(MINUTE)

    answer = await office.command("ana", "transfer", "#1 help")

    assert (answer.ok, answer.code) == (True, "transferred_nobody")
    assert (office.conversation().state, office.conversation().since) == (State.WAITING, since)


@row("transfer to oneself / same queue")
async def _(office: Office) -> None:
    """An error."""
    await office.agent("ana", "sales")
    await office.handed_over()

    answers = [await office.command("ana", "transfer", f"#1 {to}") for to in ("@ana", "sales")]

    assert [answer.code for answer in answers] == ["same_target", "same_target"]


@row("A→B→A overflow cycle")
async def _(office: Office) -> None:
    """Nobody is tried twice: after the last one the bot has him again."""
    help_ = await office.queue("help")
    sales = office.engine.desk.queue_by_name("sales")
    assert sales is not None
    steps = {"max_wait": MINUTE, "overflow_end": OverflowEnd.BOT, "overflow": (help_.id,)}
    await rule(office, **steps)  # type: ignore[arg-type]  # each is of its own type
    queues = office.engine.desk.queues  # as it may have been before circles were refused
    queues.put(replace(queues[help_.id], overflow=(sales.id,), max_wait=MINUTE))
    await office.handed_over()

    for _ in range(3):
        await office.later(MINUTE)

    assert office.events().count("overflowed") == 1
    assert office.conversation().state is State.BOT


@row("priority raised while OFFERED")
async def _(office: Office) -> None:
    """The offer stands."""
    await rule(office, offer_timeout=MINUTE)
    await office.agent("ana", "sales")
    await office.handed_over()
    before = office.engine.desk.hold_on(office.conversation().id)

    await office.command("ana", "priority", "#1 urgent")

    assert office.engine.desk.hold_on(office.conversation().id) == before


@row("capacity lowered below load")
async def _(office: Office) -> None:
    """Nobody is thrown out, nobody comes in."""
    await office.agent("ana", "sales")
    for name in ("Alice", "Bob"):
        await office.handed_over("help", name)

    await capacity(office, "ana", 1)
    await office.handed_over("help", "Carol")
    await office.command("ana", "return-to-bot", "#1", confirmed="yes")

    assert load(office, "ana") == 1
    assert office.conversation(3).state is State.WAITING


@row("1 000 parked at opening")
async def _(office: Office) -> None:
    """Slot by slot in the order of the line; the rest waits."""
    await rule(office, hours=read_hours("fri 08:00-18:00, America/Sao_Paulo"))
    await office.agent("ana", "sales")
    for number in range(40):
        await office.handed_over("help", f"C{number}")

    await office.later(3 * HOUR)

    states = [office.conversation(number).state for number in range(1, 41)]
    assert states == [State.ASSIGNED] * 5 + [State.WAITING] * 35


@row("queue deleted with waiting ones")
async def _(office: Office) -> None:
    """Refused until nobody waits."""
    await office.handed_over()
    sales = office.engine.desk.queue_by_name("sales")
    assert sales is not None

    outcome = await office.do(ChangeQueue(queue=sales.id, active=False))

    assert (outcome.ok, outcome.code) == (False, "queue_not_empty")


@row("hours change while waiting")
async def _(office: Office) -> None:
    """Who waits already stays; whoever comes now is kept."""
    await office.handed_over("one", "Alice")

    await rule(office, hours=read_hours("mon 08:00-18:00, America/Sao_Paulo"))
    await office.handed_over("two", "Bob")

    assert office.conversation(1).state is State.WAITING
    assert office.conversation(2).state is State.PARKED


@row("clock jumps")
async def _(office: Office) -> None:
    """A jump forward makes everything due once, in the order of the deadlines."""
    await rule(office, strategy=Strategy.MANUAL)
    await office.agent("ana", "sales")
    await office.handed_over()

    await office.later(1000 * HOUR)
    await office.later(SECOND)

    assert office.events().count("escalated") == 1
    assert len([post for post in office.thread().posts if post.mentions]) == 1


@row("Slack/Discord API down")
async def _(office: Office) -> None:
    """What was decided stands, and is told when the platform is back."""
    await office.agent("ana", "sales")
    office.workspace.failures.append(TemporaryFailure("down"))

    await office.handed_over()

    assert office.holder() == "ana"


@row("duplicate/late interaction")
async def _(office: Office) -> None:
    """A late yes to an offer is out of date, and changes nothing."""
    await rule(office, offer_timeout=30 * SECOND)
    await office.agent("ana", "sales")
    await office.agent("bruno", "sales")
    await office.handed_over()
    accept = office.workspace.whispers[-1][2][0]
    await office.later(30 * SECOND)

    answer = await office.command("ana", accept.command, **accept.arguments)

    assert answer.code in {"already_offered", "stale"}
    assert office.holder() == "bruno"
    assert office.conversation().state is State.OFFERED


@pytest.mark.parametrize("name", CASES)
async def test_the_edge_is_as_the_design_says(office: Office, name: str) -> None:
    await CASES[name](office)


def test_every_row_has_its_proof() -> None:
    assert tuple(CASES) == ROWS
