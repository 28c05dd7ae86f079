"""A great hall: agents in several queues each, and a crowd that waits; work for the router."""

import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import TypeVar

import psutil
from msgspec.structs import replace

from bridge.domain.conversation import Priority
from bridge.domain.ids import AgentId, ConversationId, Instant, QueueId
from bridge.routing.facts import AgentFacts, QueueRule, Waiting
from bridge.routing.router import Router

AGENTS = 10_000
QUEUES = 1_000
SLOTS = 5
_QUEUES_EACH = 3
_FEW_QUEUES = 10

_Fact = TypeVar("_Fact", AgentFacts, Waiting)


@dataclass(slots=True)
class Hall:
    """Everybody works on all his slots while the crowd waits.

    Facts are committed as the engine does it: after every decision the agent's carry it. Times are
    the processor's own: a decision waits for nothing, and what else the machine does is not its.
    """

    waiting: int
    seed: int
    queues: int = QUEUES
    agents: int = AGENTS
    _agents: dict[AgentId, AgentFacts] = field(default_factory=dict)
    _router: Router = field(default_factory=Router)
    _came: int = 0

    def open(self) -> float:
        """Build the router from these facts; the seconds it took."""
        draw = random.Random(self.seed)
        numbers = range(1, self.queues + 1)
        rules = [QueueRule(id=QueueId(number)) for number in numbers]
        for number in range(1, self.agents + 1):
            queues = draw.sample(numbers, _QUEUES_EACH)
            self._agents[AgentId(number)] = AgentFacts(
                id=AgentId(number),
                capacity=SLOTS,
                used=SLOTS,
                memberships={QueueId(queue): 0 for queue in queues},
            )
        crowd = list(self._crowd(draw, self.waiting))
        began = time.thread_time()
        self._router = Router.rebuild(rules, self._agents.values(), crowd)
        self._router.fill(Instant(self._came))
        return time.thread_time() - began

    @property
    def held(self) -> int:
        """How many slots are taken."""
        return sum(facts.used for facts in self._agents.values())

    def arrive(self, number: int) -> Sequence[float]:
        """So many come, and nobody has a free slot: seconds for each."""
        crowd = list(self._crowd(random.Random(-self.seed), number))
        return [self._timed(self._router.put_waiting, one) for one in crowd]

    def refill(self, number: int) -> Sequence[float]:
        """So many end, each slot is filled again: seconds for each."""
        draw, ids = random.Random(self.seed + 1), list(self._agents)
        chosen = [draw.choice(ids) for _ in range(number)]
        return [self._end(agent) for agent in chosen if self._agents[agent].used]

    def pass_by(self, number: int) -> float:
        """So many come and as many end, in turn, so that as many wait as before: seconds for each.

        The mean of the middle half.
        """
        draw, ids = random.Random(self.seed + 2), list(self._agents)
        taken = [
            self._timed(self._router.put_waiting, one) + self._end(draw.choice(ids))
            for one in list(self._crowd(draw, number))
        ]
        quarter = number // 4
        return fmean(sorted(taken)[quarter:-quarter])

    def _end(self, agent: AgentId) -> float:
        facts = self._agents[agent]
        free = self._agents[agent] = replace(facts, used=facts.used - 1)
        return self._timed(self._router.put_agent, free)

    def _timed(self, tell: Callable[[_Fact], None], fact: _Fact) -> float:
        began = time.thread_time()
        tell(fact)
        matches = self._router.fill(Instant(self._came))
        took = time.thread_time() - began
        for match in matches:
            old = self._agents[match.agent]
            self._agents[match.agent] = replace(old, used=old.used + 1, last_seq=match.seq)
        return took

    def _crowd(self, draw: random.Random, number: int) -> Iterator[Waiting]:
        levels = list(Priority)
        for _ in range(number):
            self._came += 1
            yield Waiting(
                conversation=ConversationId(self._came),
                queue=QueueId(draw.randint(1, self.queues)),
                since=Instant(self._came),
                seq=self._came,
                priority=draw.choice(levels),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one hall took, in seconds and megabytes."""

    rebuild: float
    arrivals: Sequence[float]
    refills: Sequence[float]
    megabytes: float


def day(waiting: int, works: int, seed: int) -> Day:
    """One day in a hall of its own. The collector rests, as it does in the engine's process."""
    gc.disable()
    before = psutil.Process().memory_info().rss
    hall = Hall(waiting, seed)
    rebuild = hall.open()
    used = psutil.Process().memory_info().rss - before
    arrivals, refills = hall.arrive(works), hall.refill(works)
    return Day(rebuild=rebuild, arrivals=arrivals, refills=refills, megabytes=used / 2**20)


def passing(waiting: int, works: int, seed: int) -> float:
    """Seconds for one who comes and one who goes while so many wait in a few queues."""
    gc.disable()
    hall = Hall(waiting, seed, queues=_FEW_QUEUES)
    hall.open()
    return hall.pass_by(works)
