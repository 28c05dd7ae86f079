"""The tests of distribution are tested: each fault that desks are known for, planted, is found.

A fault is one changed place in the source. A copy of the product with it runs the tests named with
it in a process of its own; they must fail, and without any fault they pass.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

# The one limit is the test's own: on a crowded machine a process takes a minute to begin.
pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[3]
ROUTER = "bridge/routing/router.py"
ORDER = "bridge/routing/order.py"
ELIGIBLE = "bridge/routing/eligibility.py"
HOLDERS = "bridge/engine/control/holders.py"


class Fault(NamedTuple):
    """`then` stands in the place of `now` in a file; `tests` notice it."""

    name: str
    file: str
    now: str
    then: str
    tests: tuple[str, ...]


CHOICE = "tests/unit/routing/test_choice.py"
KNOWN = "tests/unit/routing/test_faults.py"
TIME = "tests/unit/routing/test_time.py"
LINES = "tests/unit/routing/test_order.py"
STICKY = "tests/unit/routing/test_sticky.py"
WIDENED = "tests/unit/routing/test_widened.py"
EXACT = "tests/unit/routing/test_exact.py"
EDGES = "tests/unit/engine/test_edge_cases.py"
CIRCLES = "tests/unit/commands/test_queue_rules.py"
WIDENING = "tests/unit/engine/test_widening.py"
HOURS = "tests/unit/engine/test_hours.py"

FAULTS = (
    Fault(
        "one more than the capacity is counted as free",
        ELIGIBLE,
        "seat.used >= seat.capacity",
        "seat.used > seat.capacity",
        (CHOICE, KNOWN),
    ),
    Fault(
        "priority is ignored",
        ORDER,
        "    return group, int(priority), due",
        "    return group, 0, due",
        (LINES, KNOWN),
    ),
    Fault(
        "who is absent is in the pool",
        ELIGIBLE,
        "    if not seat.facts.available:\n        return Refusal.UNAVAILABLE\n",
        "",
        (CHOICE, KNOWN),
    ),
    Fault(
        "what has ended is given out",
        ROUTER,
        "        if conversation in self._places:\n            self._remove",
        "        if conversation in self._places and not conversation:\n            self._remove",
        (CHOICE, KNOWN, TIME),
    ),
    Fault(
        "one is given out per look",
        ROUTER,
        "                yield self._match(*pair, his, None if his else level)\n",
        "                yield self._match(*pair, his, None if his else level)\n"
        "                return\n",
        (KNOWN,),
    ),
    Fault(
        "the place is lost on transfer",
        HOLDERS,
        "since=conversation.since or step.now",
        "since=step.now",
        (EDGES, HOURS),
    ),
    Fault(
        "the last agent gets it although he is absent",
        ELIGIBLE,
        "    if refusal is None:\n        return now\n",
        "    if refusal in (None, Refusal.UNAVAILABLE):\n        return now\n",
        (STICKY, KNOWN),
    ),
    Fault(
        "queues may overflow in a circle",
        "bridge/commands/objections.py",
        "        if onward == end:\n            return (here,)\n",
        "",
        (CIRCLES,),
    ),
    Fault(
        "a wait is widened to a queue where it was before",
        "bridge/engine/control/widening.py",
        "found.active and found.id not in visited",
        "found.active",
        (WIDENING,),
    ),
    Fault(
        "who comes back is flooded",
        "bridge/routing/records.py",
        "        self.used = facts.used\n",
        "        self.used = 0\n",
        (CHOICE, KNOWN),
    ),
    Fault(
        "among equals the last comes first",
        ORDER,
        "due, waiting.since, waiting.seq, waiting.conversation",
        "due, -waiting.since, -waiting.seq, waiting.conversation",
        (LINES, KNOWN),
    ),
    Fault(
        "who became idle last comes first",
        ORDER,
        "    return 0, seat.facts.idle_since or 0, seat.last_seq\n",
        "    return 0, -(seat.facts.idle_since or 0), seat.last_seq\n",
        (CHOICE,),
    ),
    Fault(
        "an agent gets more only when he has nothing left",
        ROUTER,
        "        if cooling or eligibility.free(seat) is not None:\n",
        "        if cooling or seat.used or eligibility.free(seat) is not None:\n",
        (CHOICE, KNOWN),
    ),
    Fault(
        "the generalist comes first",
        "bridge/routing/candidates.py",
        "return seat.breadth if",
        "return -seat.breadth if",
        (CHOICE,),
    ),
    Fault(
        "one arrival in twenty waits beside a free agent",
        ROUTER,
        "            self._touched[waiting.queue] = None\n            return\n",
        "            if waiting.conversation % 20:\n"
        "                self._touched[waiting.queue] = None\n"
        "            return\n",
        (EXACT, KNOWN),
    ),
    Fault(
        "a wait that was widened stays in the other queue when it is over",
        ROUTER,
        "        for place in places:\n            self._lanes[place.queue].dismiss(place)\n",
        "        for place in places[:1]:\n            self._lanes[place.queue].dismiss(place)\n",
        (WIDENED,),
    ),
    Fault(
        "a skipped agent is asked again at once",
        "bridge/routing/candidates.py",
        "while seat is not None and now < skip.get(seat.id, now):",
        "while seat is None and now < 0:",
        (TIME, KNOWN),
    ),
)


def copy_with(fault: Fault | None, folder: Path) -> None:
    """The product and its tests as links, but for the file with the fault."""
    for name in ("bridge", "storage", "tests", "pyproject.toml", "README.md"):
        (folder / name).symlink_to(ROOT / name)
    if fault is None:
        return
    source, at = (ROOT / fault.file).read_text(), Path(fault.file)
    assert source.count(fault.now) >= 1, f"{fault.file} has changed: plant the fault anew"
    for depth in range(1, len(at.parts)):
        part = Path(*at.parts[:depth])
        (folder / part).unlink()
        (folder / part).mkdir()
        for each in (ROOT / part).iterdir():
            (folder / part / each.name).symlink_to(each)
    (folder / at).unlink()
    (folder / at).write_text(source.replace(fault.now, fault.then))


def passes(folder: Path, tests: tuple[str, ...]) -> bool:
    """Whether they pass there."""
    options = ("-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist")
    ended = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", *options, *tests],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        check=False,
    )
    assert ended.returncode in (0, 1), ended.stdout.decode()[-2000:]
    return ended.returncode == 0


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_planted_fault_is_found(fault: Fault, tmp_path: Path) -> None:
    copy_with(fault, tmp_path)

    assert not passes(tmp_path, fault.tests)


def test_without_a_fault_the_same_tests_pass(tmp_path: Path) -> None:
    copy_with(None, tmp_path)
    files = tuple(dict.fromkeys(test for fault in FAULTS for test in fault.tests))

    assert passes(tmp_path, files)
