"""What the router remembers about an agent and about a waiting conversation."""

from bridge.domain.ids import Instant, QueueId
from bridge.routing.facts import AgentFacts, Waiting
from bridge.routing.line import Key


class Seat:
    """An agent: his facts as committed, plus what was decided since.

    `stamp` changes with everything that may change his rank, `born` with everything that may
    improve it: from `born` to `stamp` it only got worse. `lanes` are the queues from which he is
    pushed to while he has a free slot, with his level in each; None: to be found again.
    """

    __slots__ = (
        "_turns",
        "alarm",
        "born",
        "breadth",
        "capacity",
        "facts",
        "id",
        "lanes",
        "last_seq",
        "stamp",
        "used",
    )

    def __init__(self, facts: AgentFacts) -> None:
        """Nothing decided yet."""
        self.id = facts.id
        self.alarm: Instant | None = None
        self.born = self.stamp = 0
        self.breadth = 0
        self.lanes: list[tuple[QueueId, int]] | None = None
        self.learn(facts)

    def learn(self, facts: AgentFacts) -> None:
        """Committed facts replace what was assumed."""
        self.facts = facts
        self.capacity = facts.capacity
        self.used = facts.used
        self.last_seq = facts.last_seq
        self._turns: dict[QueueId, int] = {}

    def last_turn(self, queue: QueueId) -> int:
        """The number of his last conversation from this queue."""
        return self._turns.get(queue) or self.facts.last_seq_in_queue.get(queue, 0)

    def take(self, queue: QueueId, seq: int) -> None:
        """One more conversation, from this queue, numbered `seq`."""
        self.used += 1
        self.last_seq = seq
        self._turns[queue] = seq


class Place:
    """A waiting conversation in one lane: its facts, its key there, and in which lines it stands.

    `levels` are those that its wait has opened; `held`: kept for its last agent, in no line.
    """

    __slots__ = ("alarm", "facts", "held", "key", "levels", "queue")

    def __init__(self, facts: Waiting, queue: QueueId, key: Key) -> None:
        """Not in any line yet."""
        self.alarm: Instant | None = None
        self.facts = facts
        self.queue = queue
        self.key = key
        self.held = False
        self.levels: tuple[int, ...] = ()

    @property
    def away(self) -> bool:
        """True where its wait was widened to, false in its own queue."""
        return self.queue != self.facts.queue
