"""`doctor` finds what is wrong with a number, and says the way out."""

from pathlib import Path

from bridge.adapters.channels.whatsapp.adapter import WhatsApp
from bridge.ports.plugin import Check
from tests.adapters.whatsapp.rig import Rig, context_of, serve, settings_for

DAY = 24 * 3600


async def checks(rig: Rig, public_url: str | None = None) -> dict[str, Check]:
    """What a doctor sees who comes by."""
    base = rig.url.removesuffix(rig.channel.path)
    url = base if public_url is None else public_url
    context = context_of(rig.store, rig.files, rig.clock, rig.http, url)
    channel = WhatsApp(settings_for(rig.graph, rig.number), context)
    found = await channel.diagnose()
    return {check.name.removeprefix("channels.wa."): check for check in found}


async def test_a_number_that_is_well_has_nothing_to_mend(rig: Rig) -> None:
    await rig.channel.sync_templates()

    found = await checks(rig)

    assert all(check.ok for check in found.values())
    assert [name for name, check in found.items() if check.warning] == ["public_url"]
    assert "https only" in found["public_url"].detail


async def test_a_token_that_expires_soon_is_a_warning_with_the_day(rig: Rig) -> None:
    ends = int(rig.graph.world.now()) + 3 * DAY + 60
    rig.graph.change_number(rig.number, token_ends=ends)

    found = await checks(rig)

    assert (found["token"].warning, found["token"].detail) == (True, "expires in 3 days")


async def test_a_token_that_has_expired_is_a_failure(rig: Rig) -> None:
    rig.graph.change_number(rig.number, token_ends=1)

    found = await checks(rig)

    assert not found["token"].ok
    assert "access_token" in found["token"].fix


async def test_an_app_that_is_not_subscribed_is_a_failure(rig: Rig) -> None:
    rig.graph.change_number(rig.number, subscribed=False)

    found = await checks(rig)

    assert not found["webhooks"].ok


async def test_a_number_that_people_block_is_a_warning(rig: Rig) -> None:
    rig.graph.change_number(rig.number, quality="RED")

    assert (await checks(rig))["number"].warning


async def test_an_address_that_leads_nowhere_is_a_failure(rig: Rig) -> None:
    elsewhere = await checks(rig, "http://127.0.0.1:9")
    nowhere = await checks(rig, "")

    assert not elsewhere["public_url"].ok
    assert not nowhere["public_url"].ok


async def test_old_templates_are_a_warning(rig: Rig) -> None:
    await rig.channel.sync_templates()
    rig.clock.forward(20 * 3_600_000)

    assert (await checks(rig))["templates"].warning


async def test_a_clock_that_differs_from_metas_is_a_warning(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        rig.clock.forward(3_600_000)

        assert (await checks(rig))["clock"].warning


async def test_no_check_shows_a_secret(rig: Rig) -> None:
    found = await checks(rig)

    said = " ".join(f"{check.detail} {check.fix}" for check in found.values())
    for secret in (rig.number.token, rig.number.app_secret, rig.number.verify_token):
        assert secret not in said
