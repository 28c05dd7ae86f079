"""`doctor` finds what is wrong with a bot, and says the way out."""

from pathlib import Path

import pytest

from bridge.adapters.channels.telegram.adapter import Telegram
from bridge.domain.errors import StorageUnavailable
from bridge.ports.plugin import Check
from tests.adapters.telegram.rig import SECRET, Rig, context_of, serve, settings_for
from tests.patience import until


async def checks(rig: Rig, *, webhook: bool = False, public_url: str = "") -> dict[str, Check]:
    """What a doctor sees who comes by."""
    more = {"receive": "webhook", "webhook_secret": SECRET} if webhook else {}
    url = public_url or rig.url.removesuffix("/telegram/tg/events")
    context = context_of(rig.store, rig.files, rig.clock, rig.http, url)
    channel = Telegram(settings_for(rig.telegram, rig.bot, **more), context)
    found = await channel.diagnose()
    return {check.name.removeprefix("channels.tg."): check for check in found}


async def test_a_bot_that_is_well_has_nothing_to_mend(rig: Rig) -> None:
    found = await checks(rig)

    assert all(check.ok and not check.warning for check in found.values())
    assert found.keys() == {"token", "webhook", "waiting", "groups", "polling"}
    assert "@acme_bot" in found["token"].detail


async def test_a_bot_with_a_webhook_that_is_well_only_lacks_https(tmp_path: Path) -> None:
    async with serve(tmp_path, webhook=True) as rig:
        found = await checks(rig, webhook=True)

    assert all(check.ok for check in found.values())
    assert [name for name, check in found.items() if check.warning] == ["public_url"]


async def test_a_token_that_is_worth_nothing_is_a_failure(rig: Rig) -> None:
    await rig.channel.stop()
    token = rig.bot.token
    rig.telegram.change_bot(rig.bot, token=f"{rig.bot.id}:{'B' * 35}")

    found = await checks(rig)

    assert not found["token"].ok
    assert "[channels.tg] token" in found["token"].fix
    assert token not in found["token"].detail


async def test_a_bot_that_hears_every_line_of_its_groups_is_a_warning(rig: Rig) -> None:
    rig.telegram.change_bot(rig.bot, privacy=False)

    groups = (await checks(rig))["groups"]

    assert groups.warning
    assert "/setprivacy" in groups.fix


async def test_what_the_desk_met_while_polling_is_a_failure(rig: Rig) -> None:
    await rig.channel.stop()
    await rig.store.put(
        "state", "trouble", b'{"detail": "another program fetches", "fix": "stop it"}'
    )

    polling = (await checks(rig))["polling"]

    assert (polling.ok, polling.fix) == (False, "stop it")


async def test_somebody_elses_webhook_is_a_failure_without_its_path(rig: Rig) -> None:
    await rig.channel.stop()
    url = f"{rig.telegram.base_url}{rig.bot.token}/setWebhook"
    async with rig.http.post(url, json={"url": "http://127.0.0.1:9/secret"}) as answer:
        assert answer.status == 200

    for webhook in (False, True):
        found = (await checks(rig, webhook=webhook))["webhook"]
        assert not found.ok
        assert "127.0.0.1:9" in found.detail
        assert "secret" not in found.detail


async def test_what_telegram_could_not_bring_is_a_warning_with_its_words(tmp_path: Path) -> None:
    async with serve(tmp_path, webhook=True) as rig:
        rig.core.fault = StorageUnavailable("the disk is full")
        await rig.bia.writes("a")
        await until(lambda: rig.telegram.world.hooks[rig.bot.id].error)

        found = await checks(rig, webhook=True)

        rig.core.fault = None
    assert found["webhook"].warning
    assert "503" in found["webhook"].detail
    assert found["waiting"].detail.endswith(": 1")


async def test_an_address_that_leads_nowhere_is_a_failure(tmp_path: Path) -> None:
    async with serve(tmp_path, webhook=True) as rig:
        found = await checks(rig, webhook=True, public_url="http://127.0.0.1:9")

    assert not found["public_url"].ok


@pytest.mark.parametrize("webhook", [False, True])
async def test_the_doctor_takes_nothing_from_anybody_and_shows_no_secret(
    tmp_path: Path, webhook: bool
) -> None:
    async with serve(tmp_path, webhook=webhook) as rig:
        before = rig.telegram.api.calls.count("getUpdates")

        found = await checks(rig, webhook=webhook)

        assert rig.telegram.api.calls.count("getUpdates") == before
        assert rig.core.events == []
    said = " ".join(f"{check.detail} {check.fix}" for check in found.values())
    assert rig.bot.token not in said
    assert SECRET not in said
