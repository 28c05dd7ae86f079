"""A router beside the reference: every change goes to both, every decision is checked."""

from collections.abc import Iterable
from itertools import pairwise

from msgspec.structs import replace

from bridge.domain.ids import AgentId, ConversationId, Instant, QueueId
from bridge.routing.facts import AgentFacts, Match, QueueRule, Refusal, Waiting
from bridge.routing.router import Router
from tests.unit.routing.reference import Decision, Reference

QUEUES = [QueueId(number) for number in range(1, 4)]
AGENTS = [AgentId(number) for number in range(1, 5)]


def decision(match: Match) -> Decision:
    """What the reference says about a match."""
    return match.conversation, match.agent, match.queue, match.sticky


def nearest(refusals: Iterable[Refusal | None]) -> Refusal | None:
    """Of what several queues say, what is said to people: the last in the order of refusals."""
    said = [list(Refusal).index(one) if one else -1 for one in refusals]
    return None if -1 in said else list(Refusal)[max(said)]


class Model:
    """The facts as an engine would have committed them, and the router that was told them."""

    def __init__(self) -> None:
        """A desk with plain queues and nobody in it."""
        self.now = Instant(100)
        self.facts = Reference()
        self.router = Router()
        self.held: list[tuple[ConversationId, AgentId]] = []
        self.made = 0
        self.settled = True
        self._count = 0
        for number in QUEUES:
            self.put_queue(QueueRule(id=number))

    # ------------------------------------------------------------ what may happen

    def put_queue(self, rule: QueueRule) -> None:
        """A queue gets new rules."""
        self.facts.rules[rule.id] = rule
        self.router.put_queue(rule)
        self.settled = False

    def put_agent(self, facts: AgentFacts) -> None:
        """An agent comes or changes; what he holds and when he was last assigned stays true.

        His `idle_since` and `cool_until` count from now: backwards and forwards.
        """
        old = self.facts.agents.get(facts.id, AgentFacts(id=facts.id, capacity=0, memberships={}))
        self._learn(
            replace(
                facts,
                used=sum(agent == facts.id for _, agent in self.held),
                last_seq=old.last_seq,
                last_seq_in_queue=old.last_seq_in_queue,
                idle_since=self._ago(facts.idle_since),
                cool_until=self._ahead(facts.cool_until),
            )
        )

    def drop_agent(self, agent: AgentId) -> None:
        """An agent goes with all he holds."""
        self.facts.agents.pop(agent, None)
        self.router.drop_agent(agent)
        self.held = [one for one in self.held if one[1] != agent]
        self.settled = False

    def arrive(self, waiting: Waiting) -> None:
        """A conversation begins to wait; its times count from now, `since` backwards."""
        self._count += 1
        skip = {agent: Instant(self.now + span) for agent, span in waiting.skip.items()}
        self.put_waiting(
            replace(
                waiting,
                conversation=ConversationId(self._count),
                seq=self._count,
                since=self._ago(waiting.since),
                due=self._ahead(waiting.due),
                skip=skip,
                sticky_until=self._ahead(waiting.sticky_until),
            )
        )

    def put_waiting(self, waiting: Waiting) -> None:
        """What is known of a conversation that waits changes."""
        self.facts.waiting[waiting.conversation] = waiting
        self.router.put_waiting(waiting)
        self.settled = False

    def leave(self, conversation: ConversationId) -> None:
        """A conversation waits no more."""
        del self.facts.waiting[conversation]
        self.router.drop_waiting(conversation)
        self.settled = False

    def end(self, index: int) -> None:
        """An agent is done with one conversation."""
        _, agent = self.held.pop(index)
        old = self.facts.agents[agent]
        self._learn(replace(old, used=old.used - 1, idle_since=self.now))

    def pull(self, conversation: ConversationId, agent: AgentId) -> None:
        """An agent takes one himself, if he may."""
        waiting = self.facts.waiting[conversation]
        refusals = {queue: self.facts.by_hand(queue, agent) for queue in self.facts.queues(waiting)}
        expected = nearest(refusals.values())
        assert self.router.eligible(conversation, agent, self.now, by_hand=True) == expected
        if expected is None:
            last = max(facts.last_seq for facts in self.facts.agents.values())
            queue = next(queue for queue, refusal in refusals.items() if refusal is None)
            self.facts.take(conversation, agent, queue, last + 1)
            self.held.append((conversation, agent))
            self.router.drop_waiting(conversation)
            self._learn(self.facts.agents[agent])

    def pass_time(self, length: int) -> None:
        """Until the router asks to be called, time alone makes no match possible."""
        self.fill()
        until = Instant(self.now + length)
        due = self.router.next_due(self.now)
        assert due is None or due > self.now
        quiet = until if due is None or due > until else Instant(due - 1)
        assert self.router.fill(quiet) == []
        self.now = until
        self.fill()

    # ------------------------------------------------------------ decisions and promises

    def fill(self) -> None:
        """The same decisions by the router, by one just built from the facts, by the reference."""
        facts = self.facts
        rebuilt = Router.rebuild(
            facts.rules.values(), facts.agents.values(), facts.waiting.values()
        )
        due = self.router.next_due(self.now)

        matches = self.router.fill(self.now)

        assert matches == [] or due == self.now
        assert list(map(decision, rebuilt.fill(self.now))) == list(map(decision, matches))
        assert all(before.seq < after.seq for before, after in pairwise(matches))
        self._compare(matches)
        self.settled = True

    def check(self) -> None:
        """What holds whenever one looks."""
        if self.settled:
            self._nobody_waits_beside_an_agent_who_could_take_him()
        self._everybody_knows_his_place()
        self._a_refusal_says_the_same_as_the_rules()

    def _compare(self, matches: Iterable[Match]) -> None:
        made = iter(matches)
        for expected in self.facts.fill(self.now):
            match = next(made)
            assert decision(match) == expected
            self._check_decision(match)
            self.held.append((match.conversation, match.agent))
            self.made += 1
        assert list(made) == []

    def _check_decision(self, match: Match) -> None:
        """I2, I4 and I6, on the facts as they were when it was made."""
        agent = self.facts.agents[match.agent]
        assert agent.used < agent.capacity
        assert agent.available
        assert agent.active
        line = self.facts.line(match.queue)
        place = [one.conversation for one in line].index(match.conversation)
        chosen = (match.agent, match.queue)
        overtaken = [one for one in line[:place] if chosen in self.facts.takers(one, self.now)]
        assert overtaken == []

    def _nobody_waits_beside_an_agent_who_could_take_him(self) -> None:
        """I3."""
        waiting = self.facts.waiting.values()
        assert [one for one in waiting if self.facts.takers(one, self.now)] == []

    def _everybody_knows_his_place(self) -> None:
        for number in QUEUES:
            line = self.facts.line(number)
            assert list(self.router.waiting_in(number)) == line
            for place, one in enumerate(line, 1):
                if one.queue == number:
                    assert self.router.position(one.conversation) == place

    def _a_refusal_says_the_same_as_the_rules(self) -> None:
        for one in self.facts.waiting.values():
            for agent in AGENTS:
                expected = nearest(
                    self.facts.refusal(one, queue, agent, self.now)
                    for queue in self.facts.queues(one)
                )
                assert self.router.eligible(one.conversation, agent, self.now) == expected

    # ------------------------------------------------------------ small change

    def _learn(self, facts: AgentFacts) -> None:
        self.facts.agents[facts.id] = facts
        self.router.put_agent(facts)
        self.settled = False

    def _ago(self, span: Instant | None) -> Instant:
        return Instant(self.now - (span or 0))

    def _ahead(self, span: Instant | None) -> Instant | None:
        return None if span is None else Instant(self.now + span)
