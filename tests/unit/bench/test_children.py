"""A process of the bench is measured from outside."""

import os
import time

from bridge.bench.children import cpu_seconds

_HUNDREDTHS = 0.05


def test_what_a_process_used_is_what_it_would_say_itself() -> None:
    before = time.process_time()

    used = cpu_seconds(os.getpid())

    assert before - _HUNDREDTHS <= used <= time.process_time() + _HUNDREDTHS
