"""The addresses behind the telephone on the demo's page, and who may use them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bridge.demo.cast import set_up
from bridge.demo.house import House, earlier, open_house, settle_in
from bridge.demo.pages import DemoPages
from bridge.demo.performance import secret_of
from bridge.demo.phone.shop import Shop, open_shop
from bridge.demo.surfaces.events import told

Json = Any  # what the page is answered

MARINA = "/demo/phone/5511987654321"


@dataclass
class Visit:
    """Somebody with the page open."""

    house: House
    shop: Shop
    http: aiohttp.ClientSession

    async def posts(self, path: str, body: object, **headers: str) -> tuple[int, Json]:
        """What the page sends, from its own origin unless something else is said."""
        sent = {"Origin": self.house.url, **headers}
        async with self.http.post(self.house.url + path, json=body, headers=sent) as answer:
            return answer.status, await answer.json()

    async def attaches(self, name: str, mime: str, body: bytes) -> tuple[int, Json]:
        """A file."""
        headers = {"Origin": self.house.url, "Content-Type": mime}
        url = f"{self.house.url}{MARINA}/files"
        data = BytesIO(body)
        async with self.http.post(url, params={"name": name}, data=data, headers=headers) as answer:
            return answer.status, await answer.json()

    async def sees(self, path: str = MARINA, **headers: str) -> Json:
        """The screen of a telephone."""
        async with self.http.get(self.house.url + path, headers=headers) as answer:
            return await answer.json()


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    pages = DemoPages()
    async with open_shop(earlier(0)) as shop:
        settings = settle_in(tmp_path / "demo", "en", shop.environment())
        async with (
            open_house(settings, pages=(pages,), shop=shop) as house,
            aiohttp.ClientSession() as http,
        ):
            await set_up(house, language="en")
            pages.play_on(house, secret=secret_of(settings), language="en")
            yield Visit(house, shop, http)


async def test_what_a_telephone_sends_is_signed_and_stored_by_the_desk(visit: Visit) -> None:
    _, line = await visit.posts(f"{MARINA}/writes", {"text": "Oi"})
    await visit.shop.graph.settled()

    (conversation,) = visit.house.app.parts.engine.desk.conversations
    seen = await visit.sees()
    shown = seen["lines"][0]
    assert conversation.channel == "whatsapp"
    assert (shown["id"], shown["text"], shown["from"]) == (line["id"], "Oi", "in")
    assert shown["status"] in ("delivered", "read"), "two ticks: it is on the desk's disk"
    assert seen["until"] == int((shown["at"] + 86_400) * 1000)


async def test_the_page_is_told_whose_telephone_something_happened_on(visit: Visit) -> None:
    heard: list[str] = []
    async with visit.http.get(f"{visit.house.url}/demo/events") as answer:
        async for event in told(answer.content):
            if event.name == "clock":
                await visit.posts(f"{MARINA}/writes", {"text": "Oi"})
            elif event.name == "phone":
                heard.append(event.data["customer"])
                break

    assert heard == ["5511987654321"]


async def test_a_file_comes_back_as_it_was_and_can_do_nothing(visit: Visit) -> None:
    page = b"<script>alert(1)</script>"

    _, line = await visit.attaches("bill.html", "text/html", page)
    url = f"{visit.house.url}/demo/phone/files/{line['file']['id']}"
    async with visit.http.get(url) as answer:
        body, policy = await answer.read(), answer.headers["Content-Security-Policy"]

    assert (line["type"], line["file"]["name"], body) == ("document", "bill.html", page)
    assert policy == "default-src 'none'; sandbox"


async def test_a_file_that_is_too_large_is_refused_with_the_limit(visit: Visit) -> None:
    status, said = await visit.attaches("film.mp4", "video/mp4", bytes(16 * 1024 * 1024 + 1))

    assert status == 413
    assert "16 MB" in said["error"]["message"]


async def test_somebody_new_has_a_number_of_his_own(visit: Visit) -> None:
    _, first = await visit.posts("/demo/phone", {"name": "Nina"})
    _, second = await visit.posts("/demo/phone", {"name": "Nina"})

    everybody = await visit.sees("/demo/phone")
    assert first["id"] != second["id"]
    assert [each["name"] for each in everybody] == ["Marina", "Caio", "Nina", "Nina"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"{MARINA}/dances", {}, 404),
        ("/demo/phone/551100000000/writes", {"text": "Oi"}, 404),
        (f"{MARINA}/presses", {"message": "wamid.none", "label": "Yes"}, 404),
        (f"{MARINA}/edits", {"message": "wamid.none", "text": "Oi"}, 404),
        (f"{MARINA}/writes", {"text": "x" * 4097}, 422),
        (f"{MARINA}/writes", {"words": "Oi"}, 400),
        (f"{MARINA}/shares", {"latitude": "north"}, 400),
    ],
)
async def test_what_no_telephone_can_do_is_refused(
    visit: Visit, path: str, body: Json, status: int
) -> None:
    answered, said = await visit.posts(path, body)

    assert answered == status
    assert said["error"]["message"]


async def test_another_sites_page_neither_writes_nor_reads(visit: Visit) -> None:
    foreign = {"Origin": "http://evil.example", "Host": "evil.example"}

    elsewhere, _ = await visit.posts(
        f"{MARINA}/writes", {"text": "Oi"}, Origin="https://evil.example"
    )
    renamed, _ = await visit.posts(f"{MARINA}/writes", {"text": "Oi"}, **foreign)
    read = await visit.sees(Host="evil.example")

    assert (elsewhere, renamed) == (403, 403)
    assert read["error"]["code"] == "forbidden_origin"
    assert not visit.shop.graph.world.messages
