"""Numbers for Prometheus: what HTTP did, and what the desk says of itself when asked."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.registry import Collector

_BOUNDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _Ask(Collector):
    """Asks for the numbers only when somebody looks."""

    def __init__(self, numbers: Callable[[], Iterable[Metric]]) -> None:
        self._numbers = numbers

    def collect(self) -> Iterable[Metric]:
        return self._numbers()

    def describe(self) -> Iterable[Metric]:
        return ()  # so that registering asks nothing


class HttpMetrics:
    """Counts answers by route template; a registry of its own, so that two desks do not mix.

    Everything is counted on the event loop, so nothing needs a lock, and a request pays for one
    look-up and one bisection.
    """

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._taken: dict[tuple[str, str, int], _Times] = {}
        self.add(self._requests)

    def add(self, numbers: Callable[[], Iterable[Metric]]) -> None:
        """Have these asked for at every look."""
        self.registry.register(_Ask(numbers))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        times = self._taken.get((method, route, status))
        if times is None:
            key = (method if method in _METHODS else "other", route, status)
            times = self._taken.setdefault(key, _Times())
        times.buckets[bisect_left(_BOUNDS, seconds)] += 1
        times.total += seconds

    def _requests(self) -> Iterator[Metric]:
        family = HistogramMetricFamily(
            "deskbridge_http_request_seconds",
            "How long answers took, by route and status",
            labels=("method", "route", "status"),
        )
        for (method, route, status), times in self._taken.items():
            counts = [str(bound) for bound in _BOUNDS] + ["+Inf"]
            buckets = list(zip(counts, accumulate(times.buckets), strict=True))
            family.add_metric((method, route, str(status)), buckets, times.total)
        yield family

    def page(self) -> web.Response:
        """All numbers as Prometheus reads them."""
        return web.Response(
            body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_1_0_0}
        )


class _Times:
    """How many answers took how long."""

    __slots__ = ("buckets", "total")

    def __init__(self) -> None:
        self.buckets = [0] * (len(_BOUNDS) + 1)
        self.total = 0.0
