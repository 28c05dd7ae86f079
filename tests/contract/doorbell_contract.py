"""What every doorbell promises, on whatever it stands."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from bridge.domain.ids import HOUR, MINUTE, SECOND, Instant, after
from bridge.ports.doorbell import Answer, Doorbell
from tests.captured import captured_log
from tests.patience import seen, until


class DoorbellRig:
    """A doorbell that nobody has rung, and its clock."""

    doorbell: Doorbell
    """Of one process."""
    another: Doorbell
    """Of another one, if there can be one."""

    def now(self) -> Instant:
        """The moment, as the doorbell reads it."""
        raise NotImplementedError

    async def forward(self, millis: int) -> None:
        """Let so much time go by."""
        raise NotImplementedError


class Resident:
    """Somebody who answers: he can be held up, and made to fail. He counts."""

    def __init__(self) -> None:
        """At home."""
        self.began = self.answered = self.at_once = self.most_at_once = 0
        self.failures = 0
        self.free = asyncio.Event()
        self.free.set()

    async def __call__(self) -> None:
        """Answer."""
        self.began += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.free.wait()
            if self.failures:
                self.failures -= 1
                raise LookupError("nobody found the door")
            self.answered += 1
        finally:
            self.at_once -= 1


class Letters(Resident):
    """Takes whatever has come by the time he is called."""

    def __init__(self) -> None:
        """Nothing has."""
        super().__init__()
        self.box: list[int] = []
        self.taken: list[int] = []

    async def __call__(self) -> None:
        """Take all of it, not at once."""
        found = len(self.box)
        await asyncio.sleep(0)
        await super().__call__()
        self.taken += self.box[:found]
        del self.box[:found]


@asynccontextmanager
async def running(doorbell: Doorbell, answers: Mapping[str, Answer]) -> AsyncIterator[None]:
    """Somebody answers as long as the block lasts; what he begins with has begun."""
    residents = [answer for answer in answers.values() if isinstance(answer, Resident)]
    task = asyncio.create_task(doorbell.run(answers))
    try:
        await until(lambda: all(each.began for each in residents) or task.done())
        yield
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class DoorbellContract:
    """A bell may be answered too often, and is never lost."""

    # --- ring -------------------------------------------------------------------------------

    async def test_who_begins_to_answer_looks_once_unasked(self, rig: DoorbellRig) -> None:
        ana, bia = Resident(), Resident()

        async with running(rig.doorbell, {"ana": ana, "bia": bia}):
            await until(lambda: ana.answered and bia.answered)

        assert (ana.began, bia.began) == (1, 1)

    async def test_a_bell_is_answered(self, rig: DoorbellRig) -> None:
        ana = Resident()

        async with running(rig.doorbell, {"ana": ana}):
            await rig.another.ring("ana")
            await until(lambda: ana.answered == 2)

    async def test_a_bell_that_is_rung_during_an_answer_is_answered_after_it(
        self, rig: DoorbellRig
    ) -> None:
        ana = Resident()
        ana.free.clear()

        async with running(rig.doorbell, {"ana": ana}):
            await rig.another.ring("ana")
            ana.free.set()
            await until(lambda: ana.answered == 2)

        assert ana.most_at_once == 1

    async def test_of_many_bells_none_is_lost(self, rig: DoorbellRig) -> None:
        ana = Letters()

        async def put(letter: int) -> None:
            ana.box.append(letter)
            await (rig.doorbell, rig.another)[letter % 2].ring("ana")

        async with running(rig.doorbell, {"ana": ana}):
            for start in range(0, 60, 6):
                await asyncio.gather(*(put(letter) for letter in range(start, start + 6)))
            await until(lambda: len(ana.taken) == 60)

        assert sorted(ana.taken) == list(range(60))
        assert not ana.box

    async def test_a_slow_answer_keeps_nobody_elses_waiting(self, rig: DoorbellRig) -> None:
        ana, bia = Resident(), Resident()
        ana.free.clear()

        async with running(rig.doorbell, {"ana": ana, "bia": bia}):
            await rig.another.ring("bia")
            await until(lambda: bia.answered == 2)

        assert ana.answered == 0

    async def test_what_is_for_nobody_here_waits_for_somebody(self, rig: DoorbellRig) -> None:
        ana, bia = Resident(), Resident()
        async with running(rig.doorbell, {"ana": ana}):
            await rig.another.ring("bia")
            await rig.another.ring("ana")
            await until(lambda: ana.answered == 2)

        count = await rig.another.drain({"bia": bia})

        assert (count, bia.answered) == (1, 1)

    # --- answers that fail or are broken off --------------------------------------------------

    async def test_a_bell_whose_answer_failed_rings_again_and_the_log_says_so(
        self, rig: DoorbellRig
    ) -> None:
        ana = Resident()
        ana.failures = 2

        with captured_log() as log:
            async with running(rig.doorbell, {"ana": ana}):
                await until(lambda: ana.answered)

        assert ana.began == 3
        assert log.getvalue().count("answer_failed") == 2
        assert "nobody found the door" in log.getvalue()

    async def test_who_stops_in_the_middle_of_an_answer_leaves_the_bell_to_another(
        self, rig: DoorbellRig
    ) -> None:
        ana, bia = Resident(), Resident()
        ana.free.clear()
        async with running(rig.doorbell, {"ana": ana}):
            assert ana.at_once == 1

        assert ana.at_once == 0  # broken off
        await seen(lambda: rig.another.drain({"ana": bia}), 1)
        assert bia.answered == 1

    async def test_two_who_answer_to_one_name_take_turns(self, rig: DoorbellRig) -> None:
        ana = Letters()

        async with running(rig.doorbell, {"ana": ana}), running(rig.another, {"ana": ana}):
            for letter in range(30):
                ana.box.append(letter)
                await rig.doorbell.ring("ana")
            await until(lambda: len(ana.taken) == 30)

        assert ana.most_at_once == 1
        assert ana.taken == list(range(30))

    # --- later ------------------------------------------------------------------------------

    async def test_a_bell_for_later_does_not_ring_before(self, rig: DoorbellRig) -> None:
        ana = Resident()
        await rig.doorbell.ring_at("ana", after(rig.now(), HOUR))

        early = await rig.another.drain({"ana": ana})
        await rig.forward(HOUR)
        due = await rig.another.drain({"ana": ana})

        assert (early, due, ana.answered) == (0, 1, 1)

    async def test_a_bell_for_later_rings_by_itself(self, rig: DoorbellRig) -> None:
        rang: list[Instant] = []

        async def look() -> None:
            rang.append(rig.now())

        async with running(rig.doorbell, {"ana": look}):
            await until(lambda: rang)
            moment = after(rig.now(), SECOND // 5)
            await rig.another.ring_at("ana", moment)
            await until(lambda: len(rang) == 2)

        assert rang[1] >= moment

    async def test_a_bell_for_a_moment_that_is_over_rings_now(self, rig: DoorbellRig) -> None:
        ana = Resident()
        await rig.doorbell.ring_at("ana", after(rig.now(), -HOUR))

        assert await rig.doorbell.drain({"ana": ana}) == 1

    # --- again and again --------------------------------------------------------------------

    async def test_a_crontab_rings_each_time_and_once_for_what_was_missed(
        self, rig: DoorbellRig
    ) -> None:
        ana = Resident()
        await rig.doorbell.cron("ana", "*/5 * * * *")

        counts = [await rig.another.drain({"ana": ana})]
        for length in (5 * MINUTE, 5 * MINUTE, HOUR):
            await rig.forward(length)
            counts.append(await rig.another.drain({"ana": ana}))

        assert counts == [0, 1, 1, 1]

    async def test_a_crontab_rings_for_who_runs(self, rig: DoorbellRig) -> None:
        ana = Resident()
        await rig.another.cron("ana", "* * * * *")
        await rig.forward(MINUTE)

        async with running(rig.doorbell, {"ana": ana}):
            await until(lambda: ana.answered >= 1)
            await rig.forward(MINUTE)
            await until(lambda: ana.answered >= 2)

    async def test_another_crontab_replaces_the_first(self, rig: DoorbellRig) -> None:
        ana = Resident()
        minute = rig.now() // MINUTE % 60
        await rig.doorbell.cron("ana", f"{(minute + 10) % 60} * * * *")
        await rig.doorbell.cron("ana", f"{(minute + 30) % 60} * * * *")

        await rig.forward(20 * MINUTE)
        before = await rig.another.drain({"ana": ana})
        await rig.forward(20 * MINUTE)
        then = await rig.another.drain({"ana": ana})

        assert (before, then) == (0, 1)

    async def test_the_same_crontab_again_changes_nothing(self, rig: DoorbellRig) -> None:
        ana = Resident()
        await rig.doorbell.cron("ana", "*/5 * * * *")
        await rig.forward(5 * MINUTE)

        await rig.another.cron("ana", "*/5 * * * *")

        assert await rig.another.drain({"ana": ana}) == 1

    async def test_what_is_no_crontab_is_refused(self, rig: DoorbellRig) -> None:
        with pytest.raises(ValueError, match="five"):
            await rig.doorbell.cron("ana", "every now and then")

    # --- drain ------------------------------------------------------------------------------

    async def test_draining_answers_what_is_due_and_counts_it(self, rig: DoorbellRig) -> None:
        ana, bia = Resident(), Resident()
        for name in ("ana", "ana", "bia"):
            await rig.another.ring(name)
        await rig.another.ring_at("bia", after(rig.now(), HOUR))
        answers = {"ana": ana, "bia": bia}

        counts = [await rig.doorbell.drain(answers), await rig.doorbell.drain(answers)]

        assert counts == [3, 0]
        assert ana.answered >= 1
        assert bia.answered == 1

    async def test_draining_leaves_what_failed(self, rig: DoorbellRig) -> None:
        ana = Resident()
        ana.failures = 1
        await rig.doorbell.ring("ana")

        with captured_log() as log:
            count = await rig.doorbell.drain({"ana": ana})

        assert count == 0
        assert "answer_failed" in log.getvalue()
        await seen(lambda: rig.another.drain({"ana": ana}), 1)
