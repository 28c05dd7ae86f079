"""What runs in a process of its own: `python -m bridge.bench.child` and an order as JSON.

It prints one line of JSON, the address of a server or the result of a task. A server serves until
its standard input ends, which it also does when the bench itself dies.
"""

import asyncio
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import assert_never

import msgspec
import uvloop

from bridge.bench.orders import (
    Bare,
    Desk,
    Discord,
    History,
    Memory,
    Naive,
    Order,
    Pasts,
    Relay,
    Result,
    Server,
    Serving,
)
from bridge.logs import set_up_logs


def main() -> None:
    """Do what the first argument says."""
    order = msgspec.json.decode(sys.argv[1], type=Order)
    set_up_logs(level="warning", format="text")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_do(order))


async def _do(order: Order) -> None:
    match order:
        case History():
            from bridge.bench.tasks.history import history

            _say(Result(values=await history(order)))
        case Pasts():
            from bridge.bench.history.looks import looks

            _say(Result(values=await looks(order)))
        case Memory():
            from bridge.bench.tasks.memory import memory

            _say(Result(values=await memory(order)))
        case _:
            async with _server(order) as url:
                _say(Serving(url=url))
                await _input_ended()


def _server(order: Server) -> AbstractAsyncContextManager[str]:
    """Each imports only what it stands on."""
    match order:
        case Bare():
            from bridge.bench.servers.bare import bare

            return bare()
        case Relay(platform=platform):
            from bridge.bench.servers.relay import relay

            return relay(platform)
        case Naive(folder=folder, disk=disk):
            from bridge.bench.servers.naive import naive

            return naive(Path(folder), disk)
        case Desk():
            from bridge.bench.servers.desk import desk

            return desk(
                Path(order.folder), order.disk, order.platform, order.slots, order.database_url
            )
        case Discord():
            from bridge.bench.servers.discord import discord

            return discord(order)
        case _:
            assert_never(order)


def _say(value: Serving | Result) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


async def _input_ended() -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, ended.set)
    await ended.wait()
    loop.remove_reader(sys.stdin)


if __name__ == "__main__":
    main()
