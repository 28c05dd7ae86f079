"""What the bench asks of a process of its own, and what that says back; decoded by their tags."""

from typing import TypeAlias

from bridge.bench.disk import Disk
from bridge.domain.value import Value


class Bare(Value, tag="bare"):
    """Serve: take a line and do nothing with it."""


class Relay(Value, tag="relay"):
    """Serve: pass each line on to the platform and keep nothing."""

    platform: str


class Naive(Value, tag="naive"):
    """Serve: store each line with a session and a commit of its own."""

    folder: str
    disk: Disk


class Desk(Value, tag="desk"):
    """Serve: a whole desk whose first `slots` customers have an agent."""

    folder: str
    disk: Disk
    platform: str
    slots: int
    database_url: str = ""


class Discord(Value, tag="discord"):
    """Serve: a simulated Discord that counts strictly. What is 0 is not limited, or not late.

    It takes `in_thread` messages in a thread in so many `seconds`, `per_second` calls of the bot.
    """

    rooms: int = 20
    in_thread: int = 0
    seconds: float = 5.0
    per_second: int = 0
    late: float = 0.0


class History(Value, tag="history"):
    """Measure writing and reading beside a short and a long history."""

    folder: str
    short: int
    long: int
    rounds: int


class Past(Value):
    """A database with so many hours of copied history: in this folder, or behind this address."""

    folder: str
    hours: int
    database_url: str = ""


class Pasts(Value, tag="pasts"):
    """Measure writing and reading beside two long histories, the shorter one first."""

    short: Past
    long: Past
    rounds: int


class Memory(Value, tag="memory"):
    """Measure what so many active conversations keep in memory; `seed` only writes them."""

    folder: str
    seed: bool
    conversations: int


Server: TypeAlias = Bare | Relay | Naive | Desk | Discord
Order: TypeAlias = Server | History | Pasts | Memory


class Serving(Value):
    """Where a server listens."""

    url: str


class Result(Value):
    """What a task measured, one list of rounds for each figure."""

    values: dict[str, list[float]]
