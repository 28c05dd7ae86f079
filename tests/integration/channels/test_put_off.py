"""What agents write arrives in its order, though Meta puts off every tenth call."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bridge.simulators.graph.faults import Fault
from bridge.simulators.graph.person import words_of
from tests.integration.channels.whatsapp_desk import open_desk
from tests.patience import until

EACH = 20
_NUMBER = re.compile(r"\bn-(\d{4})\b")


def numbered(words: str) -> list[int]:
    """The numbers that stand there, in their order."""
    return [int(found) for found in _NUMBER.findall(words)]


async def all_there(look: Callable[[], list[int]], count: int) -> None:
    """Wait until so many are there, for as long as there are ever more of them."""
    there = len(look())
    while there < count:
        await until(partial(_more, look, there))
        there = len(look())


def _more(look: Callable[[], list[int]], than: int) -> bool:
    return len(look()) > than


@pytest.mark.parametrize("times", [1, pytest.param(10, marks=pytest.mark.long)])
async def test_an_agents_lines_are_all_on_the_telephone_and_in_order_whatever_is_put_off(
    tmp_path: Path, times: int
) -> None:
    async with open_desk(tmp_path) as desk:
        bia = desk.graph.customer(desk.number, "5511912345678")
        await bia.writes("Oi")
        await until(lambda: bool(desk.conversations()))
        talk = desk.conversation_of(bia)
        await until(lambda: desk.thread_of(talk) is not None)
        for nth in range(10, EACH * times, 10):
            fault = Fault(route="POST messages", kind="status", nth=nth, status=429)
            desk.graph.fault(fault)

        def read() -> list[int]:
            return [number for one in bia.received() for number in numbered(words_of(one))]

        for number in range(EACH * times):
            await desk.answers(talk, f"n-{number:04}")
        everything = list(range(EACH * times))
        await all_there(read, len(everything))

        assert read() == everything
        assert desk.graph.faults.happened["status"] >= times
