"""Distribution: told every change of the facts, it decides who gets whom."""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush, heapreplace
from typing import TypeVar

from bridge.domain.ids import AgentId, ConversationId, Instant, QueueId
from bridge.routing import eligibility
from bridge.routing.alarms import Alarms
from bridge.routing.facts import AgentFacts, Match, QueueRule, Refusal, Standing, Waiting
from bridge.routing.groups import Groups
from bridge.routing.lane import Lane, Level
from bridge.routing.line import Key
from bridge.routing.order import line_key
from bridge.routing.records import Place, Seat

_T = TypeVar("_T")
_Work = tuple[int, Key, bool, QueueId]
"""(level, key, whether it has its last agent, queue): the pair to look at next is the smallest."""


class NotWaiting(LookupError):
    """The conversation does not wait in any queue."""


class UnknownQueue(LookupError):
    """No rule is known for this queue."""


class Router:
    """The resident state of distribution: rules, agents, and those who wait.

    `fill` gives out every conversation that can be given out now. Of all pairs that are possible,
    the next is always the one with the smallest (level, key of the conversation, key of the
    agent); the agent who had the customer last, if he can take him, is the only one for him. So
    an agent who frees up gets the first of his lowest level, a conversation that arrives gets the
    best agent, and nobody overtakes. What is decided depends on the facts and on `now` alone,
    never on the way they were learnt. `now` never goes back.

    Nothing is undone: after a failed batch, rebuild from what is committed.
    """

    def __init__(self) -> None:
        """No queue, nobody."""
        self._lanes: dict[QueueId, Lane] = {}
        self._seats: dict[AgentId, Seat] = {}
        self._places: dict[int, tuple[Place, ...]] = {}  # by conversation, as in keys; own first
        self._members: Groups[QueueId, AgentId] = Groups()
        self._followers: Groups[AgentId, int] = Groups()
        self._seat_alarms: Alarms[Seat] = Alarms()
        self._place_alarms: Alarms[Place] = Alarms()
        # What changed since it was last looked at; ordered, so that nothing hangs on hashing.
        self._changed_seats: dict[AgentId, None] = {}
        self._changed_places: dict[int, None] = {}
        self._touched: dict[QueueId, None] = {}
        self._work: list[_Work] = []
        self._seq = 0
        self._stamp = 0

    @classmethod
    def rebuild(
        cls,
        rules: Iterable[QueueRule],
        agents: Iterable[AgentFacts],
        waiting: Iterable[Waiting],
    ) -> "Router":
        """A router that decides as one that lived through everything that led to these facts."""
        router = cls()
        for rule in rules:
            router.put_queue(rule)
        for facts in agents:
            router.put_agent(facts)
        for one in waiting:
            router.put_waiting(one)
        return router

    # ------------------------------------------------------------ facts

    def put_queue(self, rule: QueueRule) -> None:
        """Learn a queue or its new rule; those who wait are put in the new order."""
        old = self._lanes.get(rule.id)
        if old is not None and old.rule == rule:
            return
        lane = self._lanes[rule.id] = Lane(rule)
        for place in old.places.values() if old is not None else ():
            place.held, place.levels = False, ()
            place.key = line_key(place.facts, rule)
            lane.admit(place)
            self._changed_places[place.facts.conversation] = None
        self._change_members(rule.id)

    def drop_queue(self, queue: QueueId) -> None:
        """Forget a queue; ValueError while somebody waits in it."""
        lane = self._lanes.get(queue)
        if lane is None:
            return
        if lane.waiting:
            raise ValueError(f"queue {queue} is not empty: {lane.waiting} waiting")
        del self._lanes[queue]
        self._change_members(queue)

    def put_agent(self, facts: AgentFacts) -> None:
        """Learn an agent or what changed about him."""
        seat = self._seats.get(facts.id)
        if seat is None:
            self._seats[facts.id] = Seat(facts)
            self._join(facts)
        else:
            old = seat.facts
            seat.learn(facts)
            if old.memberships != facts.memberships:
                self._part(old)
                self._join(facts)
                seat.lanes = None
            elif old.connected != facts.connected:
                seat.lanes = None
        if facts.last_seq > self._seq:
            self._seq = facts.last_seq
        self._changed_seats[facts.id] = None

    def drop_agent(self, agent: AgentId) -> None:
        """Forget an agent."""
        seat = self._seats.pop(agent, None)
        if seat is None:
            return
        self._part(seat.facts)
        self._void(seat)
        seat.alarm = None
        self._changed_seats.pop(agent, None)
        self._changed_places.update(self._followers.of(agent))

    def put_waiting(self, waiting: Waiting) -> None:
        """Learn a conversation that waits, or what changed about it; UnknownQueue."""
        lane = self._lane(waiting.queue)
        others = [self._lane(one) for one in dict.fromkeys(waiting.also) if one != waiting.queue]
        self.drop_waiting(waiting.conversation)
        self._places[waiting.conversation] = tuple(
            self._admit(waiting, each) for each in (lane, *others)
        )
        if waiting.sticky_agent is not None:
            self._followers.add(waiting.sticky_agent, waiting.conversation)
        elif not (waiting.skip or waiting.also or lane.rule.escalate_after):
            self._touched[waiting.queue] = None
            return
        self._changed_places[waiting.conversation] = None

    def drop_waiting(self, conversation: ConversationId) -> None:
        """Forget a conversation that does not wait any more."""
        if conversation in self._places:
            self._remove(conversation)
            self._changed_places.pop(conversation, None)

    # ------------------------------------------------------------ questions

    def eligible(
        self,
        conversation: ConversationId | Waiting,
        agent: AgentId,
        now: Instant,
        *,
        by_hand: bool = False,
    ) -> Refusal | None:
        """Why this agent may not be given it now; None: he may.

        `by_hand`, for a take or a transfer: cool-down, skips, levels and connection speak against
        a push only. Of several queues the one that comes nearest speaks. NotWaiting, UnknownQueue.
        """
        waiting = (
            conversation if isinstance(conversation, Waiting) else self._place(conversation).facts
        )
        seat = self._seats.get(agent)
        refusals = []
        for queue in (waiting.queue, *waiting.also):
            lane = self._lane(queue)
            refusal = (
                eligibility.by_hand(lane, seat)
                if by_hand
                else eligibility.by_push(waiting, lane, seat, now)
            )
            if refusal is None:
                return None
            refusals.append(refusal)
        return max(refusals, key=list(Refusal).index)

    def free(self, agent: AgentId) -> Refusal | None:
        """Why this agent may not be given anything at all; None: he has a free slot."""
        return eligibility.free(self._seats.get(agent))

    def explain(self, conversation: ConversationId, now: Instant) -> Standing:
        """Why it still waits. NotWaiting."""
        waiting = self._place(conversation).facts
        members = {
            agent: None
            for queue in (waiting.queue, *waiting.also)
            for agent in self._members.of(queue)
        }
        refusals = {agent: self.eligible(conversation, agent, now) for agent in members}
        return Standing(
            place=self.position(conversation),
            refusals={agent: refusal for agent, refusal in refusals.items() if refusal},
        )

    def position(self, conversation: ConversationId) -> int:
        """Its place among all who wait in its own queue, counted from 1. NotWaiting."""
        place = self._place(conversation)
        return self._lanes[place.facts.queue].position(place)

    def waiting_in(self, queue: QueueId) -> tuple[Waiting, ...]:
        """All who wait in a queue, in order, those of other queues included. UnknownQueue."""
        lane = self._lane(queue)
        return tuple(lane.places[key[5]].facts for key in lane)

    def next_due(self, now: Instant) -> Instant | None:
        """When to call `fill` although nothing happens; None: no need.

        The earliest instant at which a skip, a cool-down, a wait for the last agent or a level
        ends that could stand in the way of a match. `now` itself if something has changed.
        """
        if self._changed_seats or self._changed_places or self._touched:
            return now
        alarms = (self._seat_alarms.next(), self._place_alarms.next())
        coming = [instant for instant in alarms if instant is not None]
        return max(now, min(coming)) if coming else None

    # ------------------------------------------------------------ decisions

    def fill(self, now: Instant) -> list[Match]:
        """Every match that is possible now, in the order decided; each counts from here on."""
        for seat in self._seat_alarms.due(now):
            self._changed_seats[seat.id] = None
        for place in self._place_alarms.due(now):
            self._changed_places[place.facts.conversation] = None
        for agent in _drained(self._changed_seats):
            self._reseat(self._seats[agent], now)
        return list(self._decide(now))

    def _decide(self, now: Instant) -> Iterator[Match]:
        work = self._work
        self._look_again(now)
        while work:
            number, key, his, queue = work[0]
            lane = self._lanes[queue]
            level = lane.levels[number]
            pair = self._his_pair(key, now) if his else level.pair(lane.places, now)
            following = pair[0].key if pair else None
            if pair and following == key:
                yield self._match(*pair, his, None if his else level)
                following = None if his else level.line.head
            # If some were passed over, or the next in line is at work, others may come before.
            if following is None:
                heappop(work)
            else:
                heapreplace(work, (number, following, his, queue))
            if self._changed_places:
                self._look_again(now)

    def _his_pair(self, key: Key, now: Instant) -> tuple[Place, Seat] | None:
        places = self._places.get(key[5])
        if places is None:
            return None
        place = places[0]
        seat, lane = self._last_agent(place.facts), self._lanes[place.queue]
        if seat is None or eligibility.by_push(place.facts, lane, seat, now) is not None:
            return None
        return place, seat

    def _match(self, place: Place, seat: Seat, his: bool, level: Level | None) -> Match:
        chosen, rival = (None, None) if level is None else level.weighed(seat)
        conversation = place.facts.conversation
        self._remove(conversation)
        self._seq += 1
        self._stamp += 1
        seat.take(place.queue, self._seq)
        seat.stamp = self._stamp
        if seat.used >= seat.capacity:
            self._changed_places.update(self._followers.of(seat.id))
        return Match(
            conversation=conversation,
            agent=seat.id,
            queue=place.queue,
            sticky=his,
            seq=self._seq,
            chosen=chosen,
            rival=rival,
        )

    # ------------------------------------------------------------ bookkeeping

    def _look_again(self, now: Instant) -> None:
        """Enter into the work whatever changed since the last look."""
        for conversation in _drained(self._changed_places):
            self._settle(self._places[conversation], now)
        for queue in _drained(self._touched):
            for number, level in self._lanes[queue].levels.items() if queue in self._lanes else ():
                if (head := level.head) is not None:
                    heappush(self._work, (number, head, False, queue))

    def _settle(self, places: tuple[Place, ...], now: Instant) -> None:
        """Keep a conversation for its last agent, or open it to all whom its wait has reached."""
        home = places[0]
        waiting = home.facts
        lane, seat = self._lanes[home.queue], self._last_agent(waiting)
        kept = eligibility.kept_until(waiting, lane, seat, now)
        ends = [until for until in waiting.skip.values() if until > now]
        if kept is not None and seat is not None:
            level = seat.facts.memberships[home.queue]
            heappush(self._work, (level, home.key, True, home.queue))
            ends.append(kept)
        for place in places:
            lane = self._lanes[place.queue]
            if kept is not None:
                lane.hold(place)
                continue
            opens = lane.open(place, now)
            self._touched[place.queue] = None
            if opens is not None:
                ends.append(opens)
        self._place_alarms.set(home, min(ends, default=None))

    def _last_agent(self, waiting: Waiting) -> Seat | None:
        agent = waiting.sticky_agent
        return None if agent is None else self._seats.get(agent)

    def _reseat(self, seat: Seat, now: Instant) -> None:
        """Enter an agent wherever he can be given something now, and nowhere else."""
        facts = seat.facts
        self._void(seat)
        self._changed_places.update(self._followers.of(seat.id))
        cooling = facts.cool_until is not None and now < facts.cool_until
        self._seat_alarms.set(seat, facts.cool_until if cooling else None)
        if seat.lanes is None:
            seat.lanes = self._find_lanes(seat)
        if cooling or eligibility.free(seat) is not None:
            return
        for queue, level in seat.lanes:
            self._lanes[queue].levels[level].candidates.add(seat)
            self._touched[queue] = None

    def _find_lanes(self, seat: Seat) -> list[tuple[QueueId, int]]:
        facts, found = seat.facts, []
        lanes = [self._lanes[queue] for queue in facts.memberships if queue in self._lanes]
        seat.breadth = sum(lane.rule.active for lane in lanes)
        for lane in lanes:
            if lane.pushes and (facts.connected or not lane.rule.require_connected):
                level = facts.memberships[lane.rule.id]
                found.append((lane.rule.id, level))
                if lane.add_level(level):
                    self._changed_places.update((key[5], None) for key in lane)
        return found

    def _void(self, seat: Seat) -> None:
        """Make void every entry of his among the candidates."""
        self._stamp += 1
        seat.born = seat.stamp = self._stamp

    def _admit(self, waiting: Waiting, lane: Lane) -> Place:
        place = Place(waiting, lane.rule.id, line_key(waiting, lane.rule))
        lane.admit(place)
        return place

    def _remove(self, conversation: int) -> None:
        places = self._places.pop(conversation)
        for place in places:
            self._lanes[place.queue].dismiss(place)
            place.alarm = None
        waiting = places[0].facts
        if waiting.sticky_agent is not None:
            self._followers.drop(waiting.sticky_agent, waiting.conversation)

    def _join(self, facts: AgentFacts) -> None:
        for queue in facts.memberships:
            self._members.add(queue, facts.id)

    def _part(self, facts: AgentFacts) -> None:
        for queue in facts.memberships:
            self._members.drop(queue, facts.id)

    def _change_members(self, queue: QueueId) -> None:
        for agent in self._members.of(queue):
            self._seats[agent].lanes = None
            self._changed_seats[agent] = None

    def _lane(self, queue: QueueId) -> Lane:
        lane = self._lanes.get(queue)
        if lane is None:
            raise UnknownQueue(f"no rule for queue {queue}")
        return lane

    def _place(self, conversation: ConversationId) -> Place:
        places = self._places.get(conversation)
        if places is None:
            raise NotWaiting(f"conversation {conversation} does not wait")
        return places[0]


def _drained(changes: dict[_T, None]) -> list[_T]:
    drained = list(changes)
    changes.clear()
    return drained
