"""Where desks are born quickly: one process has read all the code, and forks for each of them.

`python -m tests.crash.town.nursery` takes a line of JSON for each desk: its folder, its port, the
file for its log and its environment. It answers `[pid, null]` at its birth and `[pid, status]` at
its death, so that whoever kills it knows. Reading the code takes most of a start's time; a desk
that is forked has done nothing yet that a new process would not do.
"""

import asyncio
import importlib
import json
import os
import select
import signal
import sys
from pathlib import Path

import bridge.ports.failpoints
from tests.crash.town import desk

_WITH_EVERYTHING = (
    "bridge.adapters.bots.webhook.adapter",
    "bridge.adapters.channels.connector.adapter",
    "bridge.adapters.channels.telegram.adapter",
    "bridge.adapters.channels.webchat.adapter",
    "bridge.adapters.channels.whatsapp.adapter",
    "bridge.adapters.workspaces.discord.adapter",
    "bridge.adapters.workspaces.local.adapter",
    "bridge.adapters.workspaces.slack.adapter",
    "bridge.app.build",
)


def main() -> None:
    """Until nobody asks any more."""
    for name in _WITH_EVERYTHING:
        importlib.import_module(name)
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        ready, _, _ = select.select([sys.stdin, wake_read], [], [])
        if wake_read in ready:
            os.read(wake_read, 64)
            _tell_of_the_dead()
        if sys.stdin in ready:
            line = sys.stdin.readline()
            if not line:
                return
            _bear(json.loads(line))


def _bear(wanted: dict[str, str]) -> None:
    pid = os.fork()
    if pid:
        _tell(pid, None)
        return
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(log, stream.fileno())
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    os.environ.update(wanted)
    importlib.reload(bridge.ports.failpoints)  # it reads the environment, which is another one now
    status = 1
    try:
        asyncio.run(desk.main(Path(wanted["folder"]), int(wanted["port"])))
        status = 0
    finally:
        sys.stdout.flush()
        if status:
            sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        os._exit(status)


def _tell_of_the_dead() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _tell(pid, os.waitstatus_to_exitcode(status))


def _tell(pid: int, status: int | None) -> None:
    sys.stdout.write(json.dumps([pid, status]) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
