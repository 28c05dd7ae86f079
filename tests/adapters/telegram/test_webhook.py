"""Updates that are brought: proved, stored before the 200, and never taken from somebody else."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bridge.adapters.channels.telegram.webhook import MOST, SECRET
from bridge.domain.errors import StorageUnavailable
from bridge.ports.channel import MessageReceived
from bridge.simulators.telegram import Attached, EventFault
from tests.adapters.telegram import rig as rigs
from tests.adapters.telegram.bodies import body, written
from tests.adapters.telegram.rig import PNG, Rig, serve
from tests.patience import until


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """By webhook."""
    async with serve(tmp_path, webhook=True) as inner:
        yield inner


async def post(rig: Rig, update: bytes, *secrets: str) -> int:
    """A webhook that may not be Telegram's own; its status."""
    headers = [(SECRET, each) for each in secrets]
    async with rig.http.post(rig.url, data=io.BytesIO(update), headers=headers) as answer:
        return answer.status


def words(rig: Rig) -> list[str]:
    return [event.content.words() for event in rig.core.of(MessageReceived)]


@pytest.mark.parametrize(
    "secrets",
    [(), ("",), ("wrong",), (rigs.SECRET[:-1],), (rigs.SECRET, rigs.SECRET), ("é" * 10,)],
)
async def test_what_is_not_proved_is_refused_and_nothing_is_stored(
    rig: Rig, secrets: tuple[str, ...]
) -> None:
    assert await post(rig, written(text="oi"), *secrets) == 401

    assert rig.core.events == []
    assert rig.store.documents.keys() == {("state", "webhook")}
    (untrusted,) = (one for one in rig.channel.counts() if one.name == "telegram_untrusted")
    assert untrusted.value == 1


@pytest.mark.parametrize(
    ("update", "status"),
    [
        (written(text="oi"), 200),
        (body(message_of_2030={}), 200),
        (b"", 400),
        (b"[]", 400),
        (b'{"update_id": "x"}', 400),
        (b"\xff", 400),
        (b"x" * (MOST + 1), 400),
    ],
)
async def test_what_is_proved_and_an_update_is_always_taken(
    rig: Rig, update: bytes, status: int
) -> None:
    assert await post(rig, update, rigs.SECRET) == status


async def test_the_same_update_again_is_one_line(rig: Rig) -> None:
    first = await post(rig, written(text="oi"), rigs.SECRET)
    again = await post(rig, written(text="oi"), rigs.SECRET)

    assert (first, again) == (200, 200)
    assert words(rig) == ["oi"]


async def test_telegram_is_told_where_to_bring_updates_and_which(rig: Rig) -> None:
    hook = rig.telegram.world.hooks[rig.bot.id]

    assert (hook.url, hook.secret, hook.most_connections) == (rig.url, rigs.SECRET, 1)
    assert "message_reaction" in rig.mail.allowed


async def test_lines_and_files_come_in_order(rig: Rig) -> None:
    await rig.bia.sends_album(Attached(body=PNG, kind="photo"), Attached(body=PNG, kind="photo"))
    for number in range(5):
        await rig.bia.writes(str(number))
    await rig.arrived(7)

    assert words(rig) == ["", "", *"01234"]


async def test_what_cannot_be_stored_is_brought_again(rig: Rig) -> None:
    rig.core.fault = StorageUnavailable("the disk is full")
    await rig.bia.writes("a")
    await rig.bia.writes("b")
    await until(lambda: rig.core.refused)

    rig.core.fault = None
    await rig.arrived(2)

    assert words(rig) == ["a", "b"]
    assert rig.telegram.office.brought[0].status == 503


async def test_what_is_brought_twice_is_taken_once(rig: Rig) -> None:
    rig.telegram.fault(EventFault(type="message", kind="duplicate", copies=2))

    await rig.bia.writes("a")
    await rig.bia.writes("b")
    await rig.arrived(2)

    assert words(rig) == ["a", "b"]


async def test_what_comes_while_the_desk_is_away_is_brought_when_it_is_back(rig: Rig) -> None:
    await rig.channel.stop()
    await rig.bia.writes("a")
    await until(lambda: rig.telegram.office.brought)

    await rigs.started(rig)
    await rig.arrived(1)

    assert words(rig) == ["a"]


async def test_somebody_elses_webhook_is_left_alone_and_told(tmp_path: Path) -> None:
    async with serve(tmp_path, webhook=True) as rig:
        await rig.channel.stop()
        url = f"{rig.telegram.base_url}{rig.bot.token}/setWebhook"
        async with rig.http.post(url, json={"url": "http://127.0.0.1:9/x"}) as answer:
            assert answer.status == 200

        await rig.channel.start(rig.core)
        await until(lambda: ("state", "trouble") in rig.store.documents)

        assert rig.telegram.world.hooks[rig.bot.id].url == "http://127.0.0.1:9/x"
        assert b"127.0.0.1:9" in rig.store.documents["state", "trouble"]


async def test_by_polling_there_is_no_webhook_at_all(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        assert list(rig.channel.routes()) == []
        assert await post(rig, written(text="oi"), rigs.SECRET) == web.HTTPNotFound.status_code
