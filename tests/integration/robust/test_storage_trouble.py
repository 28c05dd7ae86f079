"""A disk that is locked, full or read-only: all is refused, and soon all is as if nothing was."""

import asyncio
import io
import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from bridge.domain.agent import Agent
from tests.crash.test_kills import wrong
from tests.fakes.folders import quick_folder
from tests.integration.robust.bodies import JSON
from tests.integration.robust.clinic import Clinic, open_clinic
from tests.integration.robust.ground import signed_in
from tests.integration.robust.illness import Illness, Patient
from tests.integration.robust.inspector import CANARY, Inspector
from tests.integration.robust.wire import Wire
from tests.patience import PATIENCE, until

__all__ = ["quick_folder"]


def lost_or_doubled(clinic: Clinic) -> dict[str, str]:
    """What is wrong on either side, by whose lines they are."""
    replies = {name: lines for agent in clinic.agents for name, lines in agent.taken.items()}
    posted = clinic.looks.posted()
    found = {}
    for customer in clinic.customers:
        found[customer.name] = wrong(customer.taken, posted[customer.name])
        found[f"replies to {customer.name}"] = wrong(replies[customer.name], customer.heard)
    return {name: fault for name, fault in found.items() if fault}


async def settle(clinic: Clinic) -> None:
    """Wait until everybody has seen everything, as long as that may take."""
    for _ in range(round(PATIENCE / 0.1)):
        clinic.crowd.look()
        if not lost_or_doubled(clinic):
            break
        await asyncio.sleep(0.1)
    clinic.crowd.leave()


def states(clinic: Clinic) -> Counter[str]:
    """How many deliveries are in which state, on disk."""
    with closing(sqlite3.connect(clinic.patient.path)) as database:
        return Counter(dict(database.execute("select state, count(*) from delivery group by 1")))


async def over(clinic: Clinic) -> Counter[str]:
    """The same when nothing is under way any more, or after as long as that may take."""
    for _ in range(round(PATIENCE / 0.1)):
        found = states(clinic)
        if not {"pending", "sending"} & found.keys():
            return found
        await asyncio.sleep(0.1)
    return states(clinic)


def kept(clinic: Clinic) -> list[str]:
    """Where something stands that was refused."""
    with closing(sqlite3.connect(clinic.patient.path)) as database:
        dump = [line for line in database.iterdump() if CANARY in line]
    files = clinic.patient.path.with_name("files")
    return dump + [str(each) for each in files.rglob("*") if each.is_file()]


@pytest.mark.parametrize(
    "illness",
    [
        pytest.param(Patient.locked, id="locked"),
        pytest.param(Patient.without_room, id="without room"),
        pytest.param(Patient.read_only, id="read-only"),
    ],
)
async def test_a_sick_disk_refuses_everything_and_loses_nothing(
    quick_folder: Path, errors: io.StringIO, illness: Illness
) -> None:
    async with open_clinic(quick_folder) as clinic:
        await clinic.crowd.begin()
        await asyncio.sleep(0.3)
        inspector = await Inspector(clinic).come()

        with illness(clinic.patient):
            fell_ill = await inspector.sees((503, 200))
            taken = await inspector.asks_for_everything()
            unseen = await inspector.looks_at_everything()
        recovered = await inspector.sees((200, 200))
        await asyncio.sleep(0.3)
        await clinic.crowd.end()
        await settle(clinic)

        assert (fell_ill, recovered) == (True, True)
        assert (taken, unseen) == ([], [])
        assert lost_or_doubled(clinic) == {}
        assert (await over(clinic)).keys() <= {"sent", "cancelled"}
        assert kept(clinic) == []
        assert errors.getvalue() == ""


async def test_nobody_is_refused_by_what_is_not_on_disk(quick_folder: Path) -> None:
    async with open_clinic(quick_folder) as clinic:
        wire, ledger = Wire(clinic.url), clinic.app.parts.engine.desk.ledger
        bruno = await signed_in(wire, "bruno")
        operator = (("Authorization", f"Bearer {clinic.app.operator}"), ("Content-Type", JSON))
        with clinic.patient.locked():
            async with asyncio.TaskGroup() as both:
                leave = wire.send("PATCH", "/v1/agents/bruno", operator, b'{"active": false}')
                left = both.create_task(leave)
                await until(lambda: Agent in {kind for kind, _ in ledger.changes.puts})
                home = both.create_task(wire.send("GET", "/desk/home", bruno))

        assert (left.result().status, home.result().status) == (503, 200)


@pytest.mark.parametrize(
    "illness",
    [
        pytest.param(Patient.read_only, id="read-only"),
        pytest.param(Patient.without_room, id="without room", marks=pytest.mark.long),
    ],
)
async def test_a_disk_that_comes_and_goes_loses_nothing(
    quick_folder: Path, errors: io.StringIO, illness: Illness
) -> None:
    chance = random.Random(20_261_122)
    async with open_clinic(quick_folder) as clinic:
        await clinic.crowd.begin()

        stats, times = clinic.app.parts.engine.stats, 0
        while times < 25 or stats.storage_failures <= 5:
            times += 1
            await asyncio.sleep(chance.uniform(0.01, 0.06))
            with illness(clinic.patient):
                await asyncio.sleep(chance.uniform(0.01, 0.06))
        await clinic.crowd.end()
        await settle(clinic)

        assert (await over(clinic)).keys() <= {"sent", "cancelled"}
        assert lost_or_doubled(clinic) == {}
        assert errors.getvalue() == ""


async def test_a_database_that_may_not_grow_loses_nothing(
    quick_folder: Path, errors: io.StringIO
) -> None:
    async with open_clinic(quick_folder) as clinic:
        await clinic.crowd.begin()
        inspector = await Inspector(clinic).come()

        with clinic.patient.full():
            fell_ill = await inspector.sees((200, 200))
            await until(lambda: clinic.app.parts.engine.stats.storage_failures > 0)
        recovered = await inspector.sees((200, 200))
        await clinic.crowd.end()
        await settle(clinic)

        assert (fell_ill, recovered) == (True, True)
        assert lost_or_doubled(clinic) == {}
        assert (await over(clinic)).keys() <= {"sent", "cancelled"}
        assert errors.getvalue() == ""
