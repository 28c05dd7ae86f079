"""The simulated Slack as a process of its own: `python -m bridge.simulators.slack --help`.

Prints one line of JSON when it listens: what `GET /sim/state` shows.
"""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from bridge.simulators.common.wire import dump, obj
from bridge.simulators.slack.limits import Limits
from bridge.simulators.slack.simulator import SlackSimulator
from bridge.simulators.slack.web.shown import state_shown

_LIMITS = {
    "off": Limits.off,
    "documented": Limits.documented,
    "strict": Limits.strict,
    "commercial": Limits.commercial,
}


def main() -> None:
    """Run until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m bridge.simulators.slack")
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; any free one if absent")
    parser.add_argument("--ledger", type=Path, help="where accepted writes are kept")
    parser.add_argument("--limits", choices=sorted(_LIMITS), default="documented")
    parser.add_argument("--manifest", type=Path, help="an app's manifest as JSON, installed first")
    asyncio.run(_run(parser.parse_args()))


async def _run(options: argparse.Namespace) -> None:
    limits = _LIMITS[options.limits]()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    manifest = obj(json.loads(options.manifest.read_text())) if options.manifest else "Deskbridge"
    async with SlackSimulator.running(
        port=options.port, ledger=options.ledger, limits=limits
    ) as slack:
        slack.install(manifest)
        sys.stdout.write(dump(state_shown(slack)) + "\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    main()
