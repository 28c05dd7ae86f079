"""A process finds the one that leads, and does not believe who led before."""

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

import storage
from bridge.app.whereabouts import Whereabouts, reached_at
from bridge.web.server import bind
from storage import Database
from tests.leading import Leader

FIRST, SECOND = "http://10.0.0.1:8080", "http://10.0.0.2:8080"


@pytest.fixture
async def free(postgres_url: str, quick_folder: Path) -> AsyncIterator[Database]:
    """A database that nobody leads yet."""
    free = await storage.open_url(postgres_url, files_dir=quick_folder / "files")
    yield free
    await free.close()


def url_of(known: Whereabouts) -> str | None:
    return None if known.now is None else known.now.url


async def test_who_leads_is_found_where_it_says_that_it_is(free: Database) -> None:
    leader, saying, looking = Leader(free), Whereabouts(free), Whereabouts(free)
    found = []

    await looking.look()
    found.append(url_of(looking))
    await leader.begin()
    await looking.look()
    found.append(url_of(looking))  # it is not ready
    assert leader.held is not None
    await saying.say(leader.held, FIRST)
    await looking.look()
    found.append(url_of(looking))
    await leader.end()
    await looking.look()
    found.append(url_of(looking))

    assert found == [None, None, FIRST, None]


async def test_an_address_of_an_earlier_epoch_is_not_believed(free: Database) -> None:
    first, saying, looking = Leader(free), Whereabouts(free), Whereabouts(free)
    await first.begin()
    assert first.held is not None
    await saying.say(first.held, FIRST)
    await looking.look()
    before = looking.now
    await first.end()
    second = Leader(free)
    await second.begin()

    await looking.look()
    between = url_of(looking)
    assert second.held is not None
    await saying.say(second.held, SECOND)
    await looking.look()

    assert before is not None
    assert (between, url_of(looking), before.over.is_set()) == (None, SECOND, True)
    await second.end()


async def test_what_is_under_way_at_the_same_leader_goes_on(free: Database) -> None:
    leader, known = Leader(free), Whereabouts(free)
    await leader.begin()
    assert leader.held is not None
    await known.say(leader.held, FIRST)

    await known.look()
    first = known.now
    await known.look()

    assert first is not None
    assert (known.now is first, first.over.is_set()) == (True, False)
    await leader.end()


async def test_an_address_is_one_that_others_can_reach() -> None:
    with closing(bind("127.0.0.1", 0)) as here, closing(bind("0.0.0.0", 0)) as everywhere:  # noqa: S104
        ports = [each.getsockname()[1] for each in (here, everywhere)]

        told = [
            await reached_at(each, "postgresql://desk@127.0.0.2/desk")
            for each in (here, everywhere)
        ]

    assert told == [f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}"]
