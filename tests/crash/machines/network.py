"""Machines on one computer: network namespaces with two cables each, into two switches.

Linux, as root, with `ip` (iproute2), `unshare` and `nsenter` (util-linux). Nothing of it is seen
from outside, and all of it is gone with the process that made it.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.patience import PATIENCE

FRONT, BACK = "10.77.0", "10.78.0"
"""Customers, platforms and agents are in front; the database and the other replicas are behind."""
_SWITCHES = {"front": FRONT, "back": BACK}
_OWN = {"front": "02:00:00:00:00:01", "back": "02:00:00:00:00:02"}
"""A switch's own address; without one it would change with the cables in it."""
_HOMES = "10.77.128.0/17"
HOMES = "10.77.{}.1"
"""Where an agent sits, by his number: 128 and more."""
_INSIDE = "DESKBRIDGE_IN_A_NETWORK_OF_ITS_OWN"
_NEEDED = ("ip", "unshare", "nsenter")


def move_in(module: str) -> None:
    """Go on as this module in a network namespace of our own, where only we are."""
    if os.environ.get(_INSIDE) == f"{os.getpid()}":
        return
    if missing := [each for each in _NEEDED if shutil.which(each) is None]:
        sys.exit(f"needs {', '.join(missing)}: on Debian, apt-get install iproute2 util-linux")
    if os.geteuid() != 0:
        sys.exit("needs root: it makes networks")
    os.environ[_INSIDE] = f"{os.getpid()}"
    again = ["unshare", "--net", sys.executable, "-m", module, *sys.argv[1:]]
    os.execvp(again[0], again)  # noqa: S606 - no shell is wanted


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """Its cables, and how a program is run on it."""

    number: int
    keeper: int
    """The process whose namespace it is."""

    @property
    def front(self) -> str:
        """Its address where customers are."""
        return f"{FRONT}.{10 + self.number}"

    @property
    def on_it(self) -> tuple[str, ...]:
        """What is written before a command."""
        return ("nsenter", f"--net=/proc/{self.keeper}/ns/net", "--")

    def unplug(self, *switches: str) -> None:
        """Packets vanish on the way to and from these; the cable itself looks alive."""
        for switch in switches:
            _run("ip", "link", "set", self._port(switch), "nomaster")

    def plug(self, *switches: str) -> None:
        """As it was."""
        for switch in switches:
            _run("ip", "link", "set", self._port(switch), "master", switch)

    def lay(self) -> None:
        """Both cables."""
        for switch, net in _SWITCHES.items():
            port = self._port(switch)
            other = ("peer", "name", switch, "netns", f"{self.keeper}")
            _run("ip", "link", "add", port, "type", "veth", *other)
            _run("ip", "link", "set", port, "master", switch, "up")
            _run(*self.on_it, "ip", "addr", "add", f"{net}.{10 + self.number}/16", "dev", switch)
            _run(*self.on_it, "ip", "link", "set", switch, "up")
        _run(*self.on_it, "ip", "link", "set", "lo", "up")

    def _port(self, switch: str) -> str:
        return f"{switch}-{self.number}"


@contextmanager
def machines(count: int) -> Iterator[Sequence[Machine]]:
    """So many, in a namespace that `move_in` went into; we ourselves are at `.1` of both nets."""
    _run("ip", "link", "set", "lo", "up")
    for switch, net in _SWITCHES.items():
        _run("ip", "link", "add", switch, "address", _OWN[switch], "type", "bridge")
        _run("ip", "addr", "add", f"{net}.1/16", "dev", switch)
        _run("ip", "link", "set", switch, "up")
    _run("ip", "route", "add", "local", _HOMES, "dev", "lo")
    with ExitStack() as stack:
        yield [stack.enter_context(_machine(number)) for number in range(1, count + 1)]


@contextmanager
def _machine(number: int) -> Iterator[Machine]:
    # It reads from us: whatever way we end, it ends, and its namespace with it.
    keeper = subprocess.Popen(["unshare", "--net", "cat"], stdin=subprocess.PIPE)
    try:
        _until_apart(keeper.pid)
        made = Machine(number=number, keeper=keeper.pid)
        made.lay()
        yield made
    finally:
        keeper.communicate()


def _until_apart(pid: int) -> None:
    ours, deadline = Path("/proc/self/ns/net").readlink(), time.monotonic() + PATIENCE
    while Path(f"/proc/{pid}/ns/net").readlink() == ours:
        assert time.monotonic() < deadline, "no network namespace"
        time.sleep(0.01)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (command, done.stderr)
