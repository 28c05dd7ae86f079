"""The simulated Telegram as a process of its own: `python -m bridge.simulators.telegram --help`.

Prints one line of JSON when it listens: a bot's token, where to call, and somebody who writes.
"""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from bridge.simulators.common.wire import JsonObject, dump
from bridge.simulators.telegram.limits import Limits
from bridge.simulators.telegram.simulator import TelegramSimulator

_LIMITS = {"off": Limits.off, "documented": Limits.documented}


def main() -> None:
    """Run until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m bridge.simulators.telegram")
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; any free one if absent")
    parser.add_argument("--ledger", type=Path, help="where accepted writes are kept")
    parser.add_argument("--limits", choices=sorted(_LIMITS), default="documented")
    asyncio.run(_run(parser.parse_args()))


async def _run(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_, stopped.set)
    limits = _LIMITS[options.limits]()
    async with TelegramSimulator.running(
        port=options.port, ledger=options.ledger, limits=limits
    ) as telegram:
        bot = telegram.bot()
        person = telegram.person(bot)
        said: JsonObject = {
            "token": bot.token,
            "base_url": telegram.base_url,
            "base_file_url": telegram.base_file_url,
            "bot": bot.id,
            "person": person.id,
        }
        sys.stdout.write(dump(said) + "\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    main()
