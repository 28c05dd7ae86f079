"""What the figures are held to: goals to reach, and ranges that baselines must stay in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bridge.bench.figures import Figure

DISK = "_disk"
POSTGRES = "_postgres"


class Side(StrEnum):
    """Which side of its limit a figure has to be on."""

    AT_MOST = "≤"
    AT_LEAST = "≥"


class Verdict(StrEnum):
    """How a figure compares with its goal."""

    MET = "met"
    MISSED = "missed"
    SHOWN = "shown"
    """Nothing is promised about it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """One line of the report. Without a `side` the figure is only shown."""

    key: str
    title: str
    unit: str = ""
    side: Side | None = None
    limit: float = 0.0

    def met_by(self, value: float) -> bool:
        """True on the right side of the limit, and on the limit itself."""
        if self.side is Side.AT_MOST:
            return value <= self.limit
        return self.side is None or value >= self.limit

    def judge(self, figure: Figure) -> Verdict:
        """The verdict on a figure: on its median, as it is before rounding."""
        if self.side is None:
            return Verdict.SHOWN
        return Verdict.MET if self.met_by(figure.value) else Verdict.MISSED


@dataclass(frozen=True, kw_only=True, slots=True)
class Baseline:
    """What is compared with: outside this many times bare HTTP, no ratio of the run means anything.

    `ratio` is the figure that says how many times: of rounds that touched each other.
    """

    key: str
    ratio: str
    low: float
    high: float = float("inf")

    def sound(self, figures: Mapping[str, Figure]) -> bool:
        """True when the baseline is as fast and as slow as it has to be."""
        return self.low <= figures[self.ratio].value <= self.high


def _at_most(key: str, title: str, limit: float, unit: str = "") -> Goal:
    return Goal(key=key, title=title, unit=unit, side=Side.AT_MOST, limit=limit)


def _at_least(key: str, title: str, limit: float, unit: str = "") -> Goal:
    return Goal(key=key, title=title, unit=unit, side=Side.AT_LEAST, limit=limit)


GOALS = (
    _at_most("inbound_cpu_ratio", "CPU of a message in, over bare HTTP", 2.5),
    _at_least("inbound_ack_ratio", "messages in per second, over bare HTTP", 0.5),
    _at_least("naive_ratio", "messages in per second, over a session and commit each", 10),
    _at_least("relay_ratio", "end to end per second, over a relay that stores nothing", 0.5),
    Goal(key="end_to_end_cpu_us", title="CPU of a message end to end", unit="µs"),
    Goal(key="end_to_end_per_s", title="messages end to end", unit="/s"),
    Goal(key="bare_cpu_us", title="baseline: bare HTTP", unit="µs"),
    Goal(key="relay_cpu_us", title="baseline: relay without storage", unit="µs"),
    Goal(key="naive_cpu_us", title="baseline: a session and commit each", unit="µs"),
    _at_most("added_latency_p50_ms", "added to the relay's latency, median", 6, "ms"),
    _at_most("added_latency_p99_ms", "added to the relay's latency, 99 of 100", 15, "ms"),
    _at_least("drain_ratio", "calls under way, of 64 answered 80 ms late", 0.9),
    _at_most("startup_s", "from the start of the process to ready", 2, "s"),
    _at_most("idle_rss_mb", "memory of an idle desk", 110, "MB"),
    _at_most("conversation_bytes", "memory of an active conversation", 1_500, "B"),
    _at_most("history_insert_ratio", "writing a line, with a hundred times the history", 1.25),
    _at_most("history_page_ratio", "reading a page, with a hundred times the history", 1.5),
)

BASELINES = (
    Baseline(key="relay_cpu_us", ratio="relay_over_bare", low=2, high=5),
    Baseline(key="naive_cpu_us", ratio="naive_over_bare", low=12),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Aims:
    """What one kind of run is held to."""

    goals: tuple[Goal, ...]
    baselines: tuple[Baseline, ...] = ()

    def missed(self, figures: Mapping[str, Figure]) -> list[str]:
        """The keys of every goal that was missed and every baseline that is not sound."""
        goals = [each.key for each in self.goals if each.judge(figures[each.key]) is Verdict.MISSED]
        return goals + [each.key for each in self.baselines if not each.sound(figures)]

    def baseline(self, key: str) -> Baseline | None:
        """The baseline of this key, if it is one."""
        return next((each for each in self.baselines if each.key == key), None)


DESK = Aims(goals=GOALS, baselines=BASELINES)
_DESK_ON_POSTGRES = (
    _at_most(f"inbound_cpu_ratio{POSTGRES}", "PostgreSQL: CPU of a message in, over bare", 1.6),
    _at_least(f"relay_ratio{POSTGRES}", "PostgreSQL: end to end per second, over a relay", 0.5),
    Goal(key=f"end_to_end_cpu_us{POSTGRES}", title="PostgreSQL: CPU end to end", unit="µs"),
    Goal(key=f"end_to_end_per_s{POSTGRES}", title="PostgreSQL: messages end to end", unit="/s"),
    Goal(key=f"drain_ratio{POSTGRES}", title="PostgreSQL: calls under way, of 64"),
    _at_most(f"added_latency_p50_ms{POSTGRES}", "PostgreSQL: added latency, median", 20, "ms"),
    _at_most(f"added_latency_p99_ms{POSTGRES}", "PostgreSQL: added, 99 of 100", 250, "ms"),
)


def desk(*, postgres: bool) -> Aims:
    """What a desk is held to, with and without a PostgreSQL to measure on."""
    return Aims(goals=GOALS + (_DESK_ON_POSTGRES if postgres else ()), baselines=BASELINES)


ROUTING = Aims(
    goals=(
        _at_least("arrivals_per_s", "arrivals while 100,000 wait", 50_000, "/s"),
        _at_most("refill_p99_ms", "an end and its refill, 99 of 100", 0.5, "ms"),
        _at_most("worst_call_ms", "the longest decision", 5, "ms"),
        _at_most("cost_ratio", "cost with 1,000,000 over 1,000", 1.5),
        _at_most("rebuild_s", "rebuild for 10,000 agents", 2, "s"),
        _at_most("router_mb", "memory of the router", 250, "MB"),
        _at_most("sqlite_decision_p99_ms", "decided and on SQLite, 99 of 100", 10, "ms"),
        Goal(key="sqlite_refills_per_s", title="ends and refills on SQLite, by tens", unit="/s"),
        Goal(key="sqlite_refill_cpu_us", title="CPU of one of those", unit="µs"),
    )
)
_ON_POSTGRES = (
    _at_most("postgres_decision_p99_ms", "decided and on PostgreSQL, 99 of 100", 10, "ms"),
    _at_least("postgres_refills_per_s", "ends and refills on PostgreSQL, by tens", 3_000, "/s"),
    _at_least("postgres_taken_per_s", "lines kept at eight doors, each taken once", 10_000, "/s"),
    Goal(
        key="postgres_refill_cpu_us", title="CPU of one of those, without the server's", unit="µs"
    ),
)


def routing(*, postgres: bool) -> Aims:
    """What distribution is held to, with and without a PostgreSQL to measure on."""
    return Aims(goals=ROUTING.goals + (_ON_POSTGRES if postgres else ()))


_SOAK = (
    _at_most("soak_growth_mb", "growth in ten minutes at 20 lines a second", 1.05, "MB"),
    _at_most("soak_files", "files and connections more or less after it", 2),
    _at_most("storm_p99_ratio", "others' 99 of 100 in one conversation's storm, over quiet", 1.2),
    Goal(key="soak_rss_mb", title="memory meanwhile", unit="MB"),
    Goal(key="soak_p99_ms", title="latency meanwhile, 99 of 100", unit="ms"),
)


def soak(*, postgres: bool) -> Aims:
    """What a long while is held to, with and without a PostgreSQL to spend it on."""
    return Aims(goals=_SOAK + (_also_on_postgres(_SOAK) if postgres else ()))


def _also_on_postgres(goals: tuple[Goal, ...]) -> tuple[Goal, ...]:
    return tuple(replace(g, key=g.key + POSTGRES, title=f"PostgreSQL: {g.title}") for g in goals)


_FLAT = 1.25
_HISTORY = (
    *(
        _at_most(f"history_{name}_ratio", title, _FLAT)
        for name, title in (
            ("taken", "a line of a customer who waits, over HTTP"),
            ("passed_on", "a line to its agent's thread, over HTTP"),
            ("back", "the first line of a customer of the past, over HTTP"),
            ("write", "a batch of lines and receipts, written"),
            ("page", "the newest page of a long conversation"),
            ("page_middle", "a page from its middle"),
            ("page_deep", "its oldest page"),
            ("old", "a conversation of the past, shown"),
            ("events", "/events of a conversation of the past"),
            ("list", "/conversations"),
            ("list_deep", "a page from the middle of all that ended"),
            ("list_queue", "those of a queue that seldom had one"),
            ("list_channel", "those of a channel that seldom had one"),
            ("list_agent", "those of an agent"),
            ("list_since", "those of the last day"),
            ("failed", "promises that failed"),
            ("start", "what is read at a start"),
            ("startup", "from the start of the process to ready"),
            ("startup_mb", "memory after it"),
        )
    ),
    Goal(key="history_facts_ratio", title="what alone is read when customers come back"),
    Goal(key="history_search_ratio", title="one customer of all, by a part of his name"),
    Goal(key="history_search_us", title="CPU of that with the long past", unit="µs"),
    Goal(key="history_taken_us", title="CPU of a line of a customer who waits", unit="µs"),
    Goal(key="history_back_us", title="CPU of a first line of who comes back", unit="µs"),
)


def history(*, postgres: bool) -> Aims:
    """What a long past is held to, against one of a tenth of its lines."""
    return Aims(goals=_HISTORY + (_also_on_postgres(_HISTORY) if postgres else ()))


SLACK = Aims(
    goals=(
        _at_least("channel_utilisation", "of a message a second in each of 100 channels", 0.95),
        _at_least("workspace_utilisation", "of 300 messages a minute in the workspace", 0.93),
        _at_most("refusals", "calls that Slack refused as one too many", 0),
        _at_most("calls_per_line", "calls for each line, 20 conversations in a channel", 1),
        _at_least("least_served", "lines of the least served of them, over the mean", 0.5),
        _at_most("slow_channel_delay_ms", "added elsewhere by a channel with a backlog", 5, "ms"),
    )
)
DISCORD = Aims(
    goals=(
        _at_least("thread_utilisation", "of 5 messages in 5 seconds in each thread", 0.95),
        _at_least("bot_utilisation", "of 50 calls a second of the bot", 0.93),
        _at_most("refusals", "calls that Discord refused as one too many", 0),
        _at_most("calls_per_line", "calls for each line", 1.01),
        _at_least("slow_utilisation", "of the same, every answer 80 ms late", 0.9),
        _at_least("in_flight_utilisation", "of 64 in flight without limits, 80 ms late", 0.9),
    )
)
