"""Somebody wants his data, and wants it gone: whole in the export, and nowhere afterwards."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.domain.content import Content
from bridge.domain.text import plain
from storage import compact
from tests.integration.web.canary import HIS, Desk, canaries, opened
from tests.integration.web.conftest import SETTINGS
from tests.killed import killed
from tests.patience import seen

_ERASES = """
import asyncio, sys
from pathlib import Path
from tests.integration.web.canary import opened

async def main():
    async with opened(Path(sys.argv[1])) as desk:
        await desk.erased((await desk.contact())["id"])

asyncio.run(main())
"""


@pytest.fixture(params=["sqlite", "postgres"])
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The settings of a desk, on either database."""
    place = ""
    if request.param == "postgres":
        place = f'database_url = "{request.getfixturevalue("emptied_url")}"'
    file = tmp_path / "deskbridge.toml"
    file.write_text(SETTINGS.replace("[desk]", f"[desk]\n{place}", 1), encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.fixture
async def desk(settings: Path) -> AsyncIterator[Desk]:
    """A desk that runs."""
    async with opened(settings) as desk:
        yield desk


async def test_what_is_erased_is_nowhere_and_was_whole_in_the_export(desk: Desk) -> None:
    await desk.lives()
    await desk.returns()
    contact = await desk.contact()

    lines = await desk.exported(contact["id"])
    done = await desk.erased(contact["id"])

    told = str(lines)
    words = [str(each) for key, each in HIS.items() if key != "file"]
    assert [word for word in words if word not in told] == []
    assert [line["row"]["name"] for line in lines if line["table"] == "file"] != []
    assert await canaries(desk) == set()
    assert done["erasure"]["counts"]["message"] >= 3
    assert done["erasure"]["by"] == "operator"


async def test_what_a_platform_brings_again_stays_erased(desk: Desk) -> None:
    await desk.lives()
    await desk.returns()
    await desk.erased((await desk.contact())["id"])

    again = await desk.said("1", Content(text=plain(str(HIS["text"]))))
    sourced = await desk.said("sourced", Content(text=plain(str(HIS["text"]))))

    assert getattr(again, "duplicate", False)
    assert getattr(sourced, "duplicate", False)
    assert await canaries(desk) == set()


async def test_who_was_erased_comes_back_as_a_stranger(desk: Desk) -> None:
    await desk.lives()
    await desk.returns()
    before = await desk.contact()
    await desk.erased(before["id"])

    await desk.said("9", Content(text=plain("hello again")), "Bia")
    after = await desk.contact()

    assert after["id"] != before["id"]
    assert (after["name"], after["conversations"], after["tickets"]) == ("Bia", 1, 0)


async def test_who_has_something_open_is_not_erased_until_it_is_ended(desk: Desk) -> None:
    await desk.lives()
    contact = await desk.contact()

    refused = await desk.api("POST", f"/v1/contacts/{contact['id']}/erase")
    ended = await desk.api("POST", f"/v1/contacts/{contact['id']}/end")
    await desk.erased(contact["id"])

    assert (refused.status, refused.code) == (409, "not_ended")
    assert ended.body["open"] == []
    assert await canaries(desk) == set()


async def test_numbers_of_reports_stay_and_say_nothing_of_him(desk: Desk) -> None:
    await desk.lives()
    await desk.returns()
    contact = await desk.contact()
    done = await desk.erased(contact["id"])

    number = done["erasure"]["conversations"][0]
    talk = await desk.app.parts.database.reads.conversation(number)

    assert talk is not None
    assert (talk.state.value, talk.summary, talk.bot_memory) == ("ended", "", "")
    events = await desk.app.parts.database.reads.events(talk.id)
    assert {event.kind.value for event in events} >= {"conversation_created", "ended"}


@pytest.mark.crash
@pytest.mark.parametrize(
    ("point", "nth"),
    [("erase.begun", 1), ("erase.removed", 1), ("erase.removed", 9), ("erase.done", 1)],
)
async def test_an_erasure_that_is_killed_is_brought_to_its_end(
    settings: Path, point: str, nth: int
) -> None:
    async with opened(settings) as desk:
        await desk.lives()
        await desk.returns()
    await killed(point, _ERASES, settings, nth=nth)

    async with opened(settings) as desk:
        await seen(desk.under_way, 0)
        left = await canaries(desk)

    assert left == set()


async def test_who_was_erased_is_not_erased_again(desk: Desk) -> None:
    await desk.lives()
    await desk.returns()
    contact = await desk.contact()
    await desk.erased(contact["id"])

    again = await desk.api("POST", f"/v1/contacts/{contact['id']}/erase")

    assert (again.status, again.code) == (409, "already_erased")


async def test_an_erasure_of_which_only_the_end_is_missing_ends(desk: Desk) -> None:
    """So it is after a kill right before the end is written."""
    await desk.lives()
    await desk.returns()
    await desk.erased((await desk.contact())["id"])
    personal = desk.app.parts.database.personal
    [erasure] = await personal.erasures()
    await personal.write({"end_erasure": [("[]", "[]", "{}", None, erasure.id)]})

    desk.app.parts.erasing.look()

    await seen(desk.under_way, 0)


async def test_a_file_that_is_written_anew_has_no_gaps_with_old_rows(tmp_path: Path) -> None:
    """Names in no order have pages split, which leaves pieces of rows in what is split."""
    settings = tmp_path / "deskbridge.toml"
    settings.write_text(SETTINGS.replace('bot = "menu"\n', ""), encoding="utf-8")
    async with opened(settings) as desk:
        for number in range(300):
            await desk.said(f"{number * 7919 % 1009}", Content(text=plain("a line")))
        contact = await desk.contact()
        await desk.api("POST", f"/v1/contacts/{contact['id']}/end")
        await desk.erased(contact["id"])

    compact(tmp_path / "data" / "desk.db")

    assert await canaries(desk) == set()
