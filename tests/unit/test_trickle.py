"""What becomes possible all at once begins a few at a time."""

import asyncio

from bridge.delivery.trickle import AT_ONCE, Trickle


class Loop:
    """Counts the turns of the event loop."""

    def __init__(self) -> None:
        self.turn = 0
        self._tick()

    def _tick(self) -> None:
        self.turn += 1
        self._next = asyncio.get_running_loop().call_soon(self._tick)

    def stop(self) -> None:
        self._next.cancel()


class Crowd:
    """People who come to one trickle, and when they went on."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.trickle = Trickle()
        self.went_on: list[tuple[int, int]] = []
        self.some_went_on = asyncio.Event()

    async def comes(self, number: int) -> None:
        await self.trickle.turn()
        self.went_on.append((number, self.loop.turn))
        self.some_went_on.set()

    async def all(self, number: int) -> None:
        await asyncio.gather(*(self.comes(each) for each in range(number)))
        self.loop.stop()

    @property
    def order(self) -> list[int]:
        return [number for number, _ in self.went_on]

    @property
    def in_a_turn(self) -> list[int]:
        turns = [turn for _, turn in self.went_on]
        return [turns.count(turn) for turn in sorted(set(turns))]


async def test_who_comes_alone_goes_on_at_once() -> None:
    crowd = Crowd()

    for number in range(3):
        before = crowd.loop.turn
        await crowd.comes(number)
        assert crowd.loop.turn == before
        for _ in range(3):
            await asyncio.sleep(0)

    crowd.loop.stop()


async def test_of_a_crowd_a_few_go_on_in_each_turn_of_the_loop() -> None:
    crowd = Crowd()

    await crowd.all(3 * AT_ONCE + 1)

    assert crowd.in_a_turn == [AT_ONCE, AT_ONCE, AT_ONCE, 1]


async def test_they_go_on_in_the_order_in_which_they_came() -> None:
    crowd = Crowd()

    await crowd.all(5 * AT_ONCE)

    assert crowd.order == list(range(5 * AT_ONCE))


async def test_who_comes_later_does_not_go_before_those_who_wait() -> None:
    crowd = Crowd()

    async def later() -> None:
        await crowd.some_went_on.wait()
        await crowd.comes(99)

    late = asyncio.ensure_future(later())
    await crowd.all(3 * AT_ONCE)
    await late

    assert crowd.order[-1] == 99


async def test_who_goes_away_takes_nobodys_place() -> None:
    crowd = Crowd()
    tasks = [asyncio.ensure_future(crowd.comes(number)) for number in range(4 * AT_ONCE)]
    await asyncio.sleep(0)

    for task in tasks[AT_ONCE : 2 * AT_ONCE]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    crowd.loop.stop()

    stayed = [*range(AT_ONCE), *range(2 * AT_ONCE, 4 * AT_ONCE)]
    assert crowd.order == stayed
    assert crowd.in_a_turn == [AT_ONCE] * 3
