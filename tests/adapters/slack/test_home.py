"""One's own state and one's home: where an agent says that he is there, and sees what is his."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.demo.surfaces.patience import until
from tests.adapters.slack.office import Office, buttons, home, open_office, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def fresh(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


# --- presence ---------------------------------------------------------------------------------


async def test_the_lightning_menu_asks_why_before_one_is_away(fresh: Office) -> None:
    await fresh.held("Hans")
    await fresh.bo.uses_shortcut("availability")
    form = await fresh.modal(fresh.bo, "reason", "state")
    before = fresh.seen(fresh.bo)

    await fresh.bo.submits(form, {"reason": "lunch", "state": "off"})

    assert "unavailable" in words(await fresh.told(fresh.bo, before))
    before = fresh.seen(fresh.bo)
    await fresh.bo.uses_shortcut("availability")
    assert "is available" in words(await fresh.told(fresh.bo, before))


async def test_handing_over_is_asked_about_once_more(fresh: Office) -> None:
    talk = await fresh.held("Hilda")
    await fresh.bo.uses_shortcut("availability")
    form = await fresh.modal(fresh.bo, "reason", "state")

    await fresh.bo.submits(form, {"state": "handover"})
    await fresh.until(lambda: buttons(fresh.bo.modals[-1]))
    question = fresh.bo.modals[-1]
    await fresh.bo.clicks(question, buttons(question)[0].action_id)

    await until(
        "it waits again", lambda: fresh.events(talk), lambda all_: all_.count("queued") == 2
    )
    await fresh.until(lambda: "unavailable" in words(fresh.bo.modals[-1]))


# --- the home ---------------------------------------------------------------------------------


async def test_the_home_shows_what_one_holds_and_who_waits(fresh: Office) -> None:
    held, waiting = await fresh.held("Ines"), await fresh.waiting("Igor")

    await fresh.bo.opens_home(fresh.app)
    await fresh.until(lambda: "Igor" in home(fresh, fresh.bo))

    shown = home(fresh, fresh.bo)
    assert "Bo, you are available" in shown
    assert f"#{held.number} Ines" in shown
    assert f"#{waiting.number} Igor" in shown


async def test_the_home_follows_the_desk_and_its_buttons_work(fresh: Office) -> None:
    await fresh.bo.opens_home(fresh.app)
    await fresh.until(lambda: "Nobody is waiting" in home(fresh, fresh.bo))

    talk = await fresh.waiting("Jette")
    await fresh.until(lambda: "Jette" in home(fresh, fresh.bo))
    view = fresh.bo.home(fresh.app)
    assert view is not None
    take = next(one for one in buttons(view) if one.action_id.startswith("run:take"))
    await fresh.bo.clicks(view, take.action_id)

    await fresh.happened(talk, "assigned")
    await fresh.until(lambda: "You hold 1 conversation" in home(fresh, fresh.bo))


async def test_the_switch_on_the_home_asks_why(fresh: Office) -> None:
    await fresh.bo.opens_home(fresh.app)
    await fresh.until(lambda: "you are available" in home(fresh, fresh.bo))
    view = fresh.bo.home(fresh.app)
    assert view is not None

    await fresh.bo.clicks(view, "fill:unavailable")
    await fresh.bo.submits(await fresh.modal(fresh.bo, "reason"), {"reason": "dentist"})

    await fresh.until(lambda: "you are unavailable" in home(fresh, fresh.bo))
    assert "dentist" in home(fresh, fresh.bo)


async def test_admins_see_the_board_of_queues_on_their_home_and_agents_do_not(
    fresh: Office,
) -> None:
    for person in (fresh.ana, fresh.bo):
        await person.opens_home(fresh.app)
    await fresh.until(lambda: home(fresh, fresh.ana) and home(fresh, fresh.bo))

    assert "Ana · available" in home(fresh, fresh.ana)
    assert "Ana · available" not in home(fresh, fresh.bo)


async def test_who_is_no_agent_is_welcomed_and_sees_nothing(fresh: Office) -> None:
    await fresh.waiting("Karl")

    await fresh.zoe.opens_home(fresh.app)
    await fresh.until(lambda: home(fresh, fresh.zoe))

    assert "ask an admin" in home(fresh, fresh.zoe)
    assert "Karl" not in home(fresh, fresh.zoe)


async def test_who_does_not_look_is_not_drawn_for(fresh: Office) -> None:
    await fresh.bo.opens_home(fresh.app)
    await fresh.until(lambda: home(fresh, fresh.bo))

    await fresh.waiting("Lars")
    await fresh.until(lambda: "Lars" in home(fresh, fresh.bo))

    assert fresh.ana.home(fresh.app) is None
