"""Numbers for Prometheus: what HTTP did, and what the desk says of itself when asked."""

from collections.abc import Callable, Iterable
from functools import cache

from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.registry import Collector

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
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
    """Counts answers by route template; a registry of its own, so that two desks do not mix."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._seconds = Histogram(
            "deskbridge_http_request_seconds",
            "How long answers took, by route and status",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._of = cache(self._labelled)

    def add(self, numbers: Callable[[], Iterable[Metric]]) -> None:
        """Have these asked for at every look."""
        self.registry.register(_Ask(numbers))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._of(method if method in _METHODS else "other", route, status).observe(seconds)

    def _labelled(self, method: str, route: str, status: int) -> Histogram:
        return self._seconds.labels(method, route, str(status))

    def page(self) -> web.Response:
        """All numbers as Prometheus reads them."""
        return web.Response(
            body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_1_0_0}
        )
