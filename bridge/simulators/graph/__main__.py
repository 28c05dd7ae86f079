"""The simulated Graph as a process of its own: `python -m bridge.simulators.graph --help`.

Prints one line of JSON when it listens: the settings of a channel for its number, and its customer.
"""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from bridge.simulators.common.wire import dump
from bridge.simulators.graph.limits import Limits
from bridge.simulators.graph.simulator import GraphSimulator

_LIMITS = {"off": Limits.off, "documented": Limits.documented}


def main() -> None:
    """Run until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m bridge.simulators.graph")
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; any free one if absent")
    parser.add_argument("--ledger", type=Path, help="where accepted writes are kept")
    parser.add_argument("--limits", choices=sorted(_LIMITS), default="documented")
    parser.add_argument("--webhook", default="", help="where the app listens")
    asyncio.run(_run(parser.parse_args()))


async def _run(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_, stopped.set)
    limits = _LIMITS[options.limits]()
    async with GraphSimulator.running(
        port=options.port, ledger=options.ledger, limits=limits
    ) as graph:
        number = graph.change_number(graph.number(), webhook=options.webhook)
        customer = graph.customer(number)
        graph.template(number, "hello_world", {"type": "BODY", "text": "Hello, {{1}}!"})
        settings = {
            "phone_number_id": number.id,
            "business_account_id": number.waba,
            "access_token": number.token,
            "app_secret": number.app_secret,
            "verify_token": number.verify_token,
            "graph_url": graph.url,
        }
        sys.stdout.write(dump({"settings": settings, "customer": customer.id}) + "\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    main()
