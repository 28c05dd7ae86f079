"""How a process signs what it holds, so that others on the same machine see when it is gone."""

import os
import socket
from contextlib import suppress
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_SPACE = Path("/proc/self/ns/pid")


def signature() -> str:
    """The machine and the process; where the system tells them, its boot and its set of numbers."""
    return f"{socket.gethostname()} {os.getpid()} {_numbered_in()}".rstrip()


def is_gone(holder: str) -> bool:
    """True when the process certainly does not run any more; false when nobody here can know."""
    _, _, rest = holder.partition(" ")
    number, _, numbered_in = rest.partition(" ")
    if not numbered_in or numbered_in != _numbered_in() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _numbered_in() -> str:
    """Two processes with the same are numbered alike: one boot of one machine or container."""
    with suppress(OSError):
        return f"{_BOOT.read_text().strip()}/{_SPACE.stat().st_ino}"
    return ""
