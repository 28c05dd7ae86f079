"""One of a desk's processes: `deskbridge run`, as it ships, on a port of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from tests.crash.replicas.blows import Blow

_DEPOSED = "another process runs this desk now"
PROGRAM = (sys.executable, "-c", "from bridge.cli.main import main; main()")
READY = "ready"
"""It leads."""
WAITING = ("standby", "intake")
"""It would, if nobody else did."""


class Process:
    """Started, taken away and started again on the same port. All of them share one folder."""

    def __init__(
        self,
        name: str,
        folder: Path,
        port: int,
        environ: Mapping[str, str],
        host: str = "127.0.0.1",
    ) -> None:
        """Nothing runs yet; `environ` is its own, and `host` where others find it."""
        self.name = name
        self._environ = environ
        self.url = f"http://{host}:{port}"
        self._command: list[str] = [*PROGRAM, "run", "--port", f"{port}"]
        self._folder = folder
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Everything it ever printed."""
        return self._folder / f"{self.name}.log"

    def launch(self) -> None:
        """Begin to start; one that was there before is gone."""
        environ = {key: value for key, value in os.environ.items() if "DESKBRIDGE" not in key}
        environ |= self._environ
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=environ,
                stdout=log,
                stderr=log,
            )

    def suffer(self, blow: Blow) -> None:
        """This happens to it, whatever it is doing."""
        match blow:
            case Blow.FROZEN:
                self.freeze()
            case Blow.KILLED | Blow.ELSEWHERE:
                self.kill()
            case _:
                raise AssertionError(f"{self.name} cannot be {blow} here")
        if blow is Blow.KILLED:
            self.bury()

    def recover(self) -> None:
        """What it survived is over."""
        self.thaw()

    def kill(self) -> None:
        """At once. Until it is buried its machine still knows its number."""
        self._running.send_signal(signal.SIGKILL)

    def bury(self) -> int:
        """Wait for its end: how it ended."""
        return self._running.wait()

    def freeze(self) -> None:
        """It stands still when this returns, and everything it holds stays held."""
        self._running.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._running.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def thaw(self) -> None:
        """It goes on, and does not know that it was away."""
        self._running.send_signal(signal.SIGCONT)

    @property
    def gone(self) -> bool:
        """Whether it has ended; whoever looks has buried it."""
        return self._child is None or self._child.poll() is not None

    @property
    def stepped_down(self) -> bool:
        """Whether it ended because another had taken over, as it says then."""
        last = self.log.read_text("utf-8").rstrip().rpartition("\n")[2]
        return self.gone and _DEPOSED in last

    def end(self) -> None:
        """Whatever it is doing: it is no more."""
        if not self.gone:
            self.kill()
            self.bury()

    async def phase(self, http: aiohttp.ClientSession) -> str:
        """What it says of itself to a load balancer; nothing while nobody answers there."""
        try:
            async with http.get(f"{self.url}/readyz") as answer:
                return str((await answer.json())["status"])
        except (aiohttp.ClientError, TimeoutError):
            return ""

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._child is not None
        return self._child
