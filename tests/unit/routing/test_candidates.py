"""The heap of candidates stays true and small, whatever becomes of the agents."""

from bridge.domain.ids import QueueId
from bridge.domain.queue import Strategy
from bridge.routing.candidates import Candidates
from bridge.routing.order import RANKS
from bridge.routing.records import Seat
from tests.unit.routing.builders import NOW, SALES, agent, router, waiting

TEAM = range(1, 31)


def test_news_about_agents_does_not_pile_up() -> None:
    candidates = Candidates(QueueId(SALES), RANKS[Strategy.LEAST_LOADED])
    seats = [Seat(agent(number)) for number in TEAM]

    for stamp in range(10_000):
        seat = seats[stamp % len(seats)]
        seat.born = seat.stamp = stamp
        candidates.add(seat)

    assert len(candidates) <= 4 * len(seats) + 1


def test_much_news_about_one_agent_does_not_make_us_forget_the_others() -> None:
    desk = router(*map(agent, TEAM))
    desk.fill(NOW)
    for _ in range(500):
        desk.put_agent(agent(1))
        desk.fill(NOW)

    for number in range(1, 50):
        desk.put_waiting(waiting(number))
    matches = desk.fill(NOW)

    assert [match.agent for match in matches] == list(TEAM)
