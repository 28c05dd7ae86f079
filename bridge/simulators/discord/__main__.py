"""The simulated Discord as a process of its own: `python -m bridge.simulators.discord --help`.

Prints one line of JSON when it listens: what `GET /sim/state` shows.
"""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from bridge.simulators.common.wire import dump
from bridge.simulators.discord.simulator import DiscordSimulator
from bridge.simulators.discord.web.control import LIMITS
from bridge.simulators.discord.web.shown import state_shown


def main() -> None:
    """Run until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m bridge.simulators.discord")
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; any free one if absent")
    parser.add_argument("--ledger", type=Path, help="where accepted writes are kept")
    parser.add_argument("--limits", choices=sorted(LIMITS), default="documented")
    parser.add_argument("--guild", default="Demo", help="a guild that is there from the start")
    asyncio.run(_run(parser.parse_args()))


async def _run(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    limits = LIMITS[options.limits]()
    async with DiscordSimulator.running(
        port=options.port, ledger=options.ledger, limits=limits
    ) as discord:
        guild = discord.guild(options.guild)
        discord.invite(discord.application(), guild)
        sys.stdout.write(dump(state_shown(discord)) + "\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    main()
