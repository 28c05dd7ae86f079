"""What the desk says of itself to Prometheus."""

from collections import Counter
from collections.abc import Iterator

import structlog
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from bridge.app.adapters import everyone
from bridge.app.replica import Replica
from bridge.delivery.calling import Adapters
from bridge.delivery.dispatcher import Dispatcher
from bridge.domain.conversation import State
from bridge.engine.engine import Engine
from bridge.ports.counting import Counts
from bridge.web.health import Phase

log = structlog.get_logger()

_COUNTED = {
    "accepted": "Rows accepted: they are on disk and decided",
    "duplicates": "Rows whose source was known already",
    "dead": "Rows that could not be decided; they are kept",
    "batches": "Batches written",
    "arrived_before": "Batches undone and decided again, because something had come before "
    "them to another process",
    "storage_failures": "Batches that the disk refused",
}


def clock_stepped(millis: int) -> None:
    """The machine's clock was set, or stood still: the desk's follows it slowly."""
    log.error("clock_stepped", seconds=round(millis / 1_000))


def desk_numbers(engine: Engine, dispatcher: Dispatcher) -> Iterator[Metric]:
    """Counters since the start, and how things are now."""
    for name, meaning in _COUNTED.items():
        yield CounterMetricFamily(
            f"deskbridge_inbox_{name}", meaning, value=getattr(engine.stats, name)
        )
    yield GaugeMetricFamily(
        "deskbridge_inbox_waiting", "Entries that wait for the next batch", value=engine.waiting
    )
    yield GaugeMetricFamily(
        "deskbridge_delivery_lanes", "Lanes with something to deliver", value=dispatcher.busy
    )
    yield _refusing(engine, dispatcher)
    yield _conversations(engine)
    yield _ended(engine)
    yield _agents(engine)


def replica_numbers(replica: Replica, phase: Phase) -> Iterator[Metric]:
    """What one process of several says of its part."""
    now = GaugeMetricFamily(
        "deskbridge_process",
        "1 for what this process is now; `ready` is the one that runs the desk",
        labels=("role", "phase"),
    )
    for each in Phase:
        now.add_metric((replica.role.value, each.value), each is phase)
    yield now
    passing_on = replica.passing_on
    yield GaugeMetricFamily(
        "deskbridge_passing_on", "Requests that are served elsewhere", value=passing_on.under_way
    )
    for name, meaning, value in (
        ("arrivals_kept", "What came in here and was kept for who runs the desk", replica.kept),
        ("passed_on", "Requests that were answered elsewhere", passing_on.passed),
        ("passed_on_failed", "Requests that nobody could answer", passing_on.failed),
    ):
        yield CounterMetricFamily(f"deskbridge_{name}", meaning, value=value)


def adapter_numbers(adapters: Adapters) -> Iterator[Metric]:
    """What adapters count themselves."""
    families: dict[str, CounterMetricFamily] = {}
    for adapter in everyone(adapters):
        for count in adapter.counts() if isinstance(adapter, Counts) else ():
            names, values = zip(*count.labels, strict=True) if count.labels else ((), ())
            name = f"deskbridge_{count.name}"
            if name not in families:
                families[name] = CounterMetricFamily(name, count.help, labels=names)
            families[name].add_metric(values, count.value)
    yield from families.values()


def _refusing(engine: Engine, dispatcher: Dispatcher) -> Metric:
    family = GaugeMetricFamily(
        "deskbridge_place_refuses_us",
        "1 while a channel, workspace or bot takes no call, because of our token or secret; "
        "what is for it waits",
        labels=("place",),
    )
    paused, places = dispatcher.paused, engine.desk.places
    known = (*(f"channels.{id_}" for id_ in places.channels),)
    known += (*(f"workspaces.{id_}" for id_ in places.workspaces),)
    for name in sorted({*known, *paused}):
        family.add_metric((name,), name in paused)
    return family


def _conversations(engine: Engine) -> Metric:
    found = Counter(each.state for each in engine.desk.conversations)
    family = GaugeMetricFamily(
        "deskbridge_conversations", "Conversations that have not ended", labels=("state",)
    )
    for state in State:
        if state is not State.ENDED:
            family.add_metric((state.value,), found[state])
    return family


def _ended(engine: Engine) -> Metric:
    family = CounterMetricFamily(
        "deskbridge_conversations_ended",
        "Conversations that ended, by cause; abandoned are those who left while they waited",
        labels=("cause", "queue"),
    )
    for (cause, queue), count in sorted(engine.desk.ended.items()):
        family.add_metric((cause, queue), count)
    return family


def _agents(engine: Engine) -> Metric:
    active = [agent for agent in engine.desk.agents if agent.active]
    available = sum(agent.available for agent in active)
    family = GaugeMetricFamily("deskbridge_agents", "Agents", labels=("presence",))
    family.add_metric(("available",), available)
    family.add_metric(("unavailable",), len(active) - available)
    return family
