"""The log of what a test runs, set up as the desk sets it up; put back afterwards."""

import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import structlog

from bridge.logs import set_up_logs


@contextmanager
def captured_log(
    level: str = "info", format: str = "json", secrets: Iterable[str] = ()
) -> Iterator[io.StringIO]:
    """Everything that is logged inside.

    The level is put back with `setLevel`: a logger remembers what it lets through, and would go on
    writing for every later test otherwise.
    """
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, before = root.handlers[:], root.level
    set_up_logs(level=level, format=format, secrets=secrets, stream=stream)
    try:
        yield stream
    finally:
        root.handlers[:] = handlers
        root.setLevel(before)
        structlog.reset_defaults()
