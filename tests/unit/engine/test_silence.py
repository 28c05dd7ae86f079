"""Agents who stay silent, and conversations that go round: both come to an end."""

from bridge.domain.conversation import State
from bridge.domain.ids import HOUR, MINUTE
from tests.fakes.office import Office
from tests.unit.engine.ruling import rule


async def test_after_three_silent_agents_the_next_keeps_it_and_admins_know(office: Office) -> None:
    await rule(office, starvation=0, notify_after=0)
    await office.agent("rita", admin=True)
    for handle in ("ana", "bruno", "clara", "duda"):
        await office.agent(handle, "sales")
    await office.handed_over()

    holders = [office.holder()]
    for _ in range(3):
        await office.later(3 * MINUTE)
        holders.append(office.holder())
    await office.later(HOUR)

    assert len(set(holders)) == 4
    assert office.holder() == holders[-1]
    assert office.conversation().requeues == 3
    said = [words for words in office.whispered("rita") if "stayed silent" in words]
    assert said == [
        "3 agents in a row stayed silent with Alice (#1). Whoever gets it next keeps it."
    ]


async def test_a_transfer_too_many_is_refused(office: Office) -> None:
    await rule(office, max_transfers=2)
    for handle in ("ana", "bruno"):
        await office.agent(handle, "sales")
    await office.handed_over()
    first, second = office.holder(), "bruno" if office.holder() == "ana" else "ana"

    codes = []
    for giver, taker in ((first, second), (second, first), (first, second)):
        codes.append((await office.command(giver, "transfer", f"#1 @{taker}")).code)

    assert codes == ["transferred", "transferred", "too_many_transfers"]


async def test_a_transfer_to_a_queue_counts_too(office: Office) -> None:
    await office.queue("help")
    await rule(office, "help", max_transfers=1)
    await office.agent("ana", "sales")
    await office.handed_over()

    await office.command("ana", "transfer", "#1 help")

    assert office.conversation().transfers == 1
    assert office.conversation().state is State.WAITING
