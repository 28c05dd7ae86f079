"""Whether the process lives, and whether it can take something now."""

from bridge.web.health import Health, Phase
from tests.unit.web.conftest import Disk, Serve


async def test_ready_means_that_something_could_be_stored_just_now(serve: Serve) -> None:
    small = await serve()

    answer = await small.client.get("/readyz")

    assert (answer.status, await answer.json()) == (200, {"status": "ready"})
    assert small.disk.asked == 1


async def test_a_disk_that_takes_nothing_is_not_ready_but_alive(serve: Serve) -> None:
    small = await serve()
    small.disk.works = False

    ready = await small.client.get("/readyz")
    alive = await small.client.get("/healthz")

    assert (ready.status, await ready.json()) == (503, {"status": "storage_unavailable"})
    assert alive.status == 200


async def test_many_who_ask_at_once_cost_one_write(serve: Serve) -> None:
    small = await serve()

    for _ in range(20):
        await small.client.get("/readyz")

    assert small.disk.asked == 1


async def test_quiet_waits_for_who_hands_something_over() -> None:
    health = Health(Disk().probe)
    health.phase = Phase.DRAINING

    health.enter()
    assert not await health.quiet(0.01)
    health.leave()

    assert await health.quiet(0.01)
