"""The addresses behind the demo's page, and who may use them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from bridge.demo.cast import set_up
from bridge.demo.house import House, open_house, settle_in
from bridge.demo.pages import DemoPages
from bridge.demo.surfaces.agent import AgentBrowser
from bridge.demo.surfaces.customer import CustomerBrowser
from bridge.demo.surfaces.events import Told, told

SECRET_KEY = "identity_secret"


@dataclass
class Visit:
    """Somebody with the page open."""

    house: House
    http: aiohttp.ClientSession

    async def posts(self, path: str, body: object, **headers: str) -> tuple[int, dict[str, object]]:
        """What the page sends, from its own origin unless something else is said."""
        sent = {"Origin": self.house.url, **headers}
        async with self.http.post(self.house.url + path, json=body, headers=sent) as answer:
            return answer.status, await answer.json()

    async def told(self, count: int, last: str = "") -> list[Told]:
        """The first events of the page's stream."""
        headers = {"Last-Event-ID": last} if last else {}
        async with self.http.get(f"{self.house.url}/demo/events", headers=headers) as answer:
            events = []
            async for event in told(answer.content):
                events.append(event)
                if len(events) == count:
                    break
        return events


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    settings = settle_in(tmp_path / "demo", "en")
    secret = settings.channels["webchat"].settings.model_dump()[SECRET_KEY].get_secret_value()
    pages = DemoPages()
    async with open_house(settings, pages=(pages,)) as house, aiohttp.ClientSession() as http:
        await set_up(house, language="en")
        pages.play_on(house, secret=secret, language="en")
        yield Visit(house, http)


async def test_the_front_door_leads_to_the_demo(visit: Visit) -> None:
    async with visit.http.get(visit.house.url) as answer:
        page = await answer.text()

    assert answer.url.path == "/demo"
    assert "Write to the shop" in page
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


async def test_the_page_speaks_the_browsers_language(visit: Visit) -> None:
    headers = {"Accept-Language": "pt-BR,pt;q=0.9"}
    async with visit.http.get(f"{visit.house.url}/demo", headers=headers) as answer:
        page = await answer.text()

    assert "Escreva à loja" in page


async def test_the_desks_clock_goes_forward_when_the_page_asks(visit: Visit) -> None:
    before = visit.house.clock.now()

    status, said = await visit.posts("/demo/clock", {"hours": 24})

    assert status == 200
    assert said["forward"] == 24
    assert visit.house.clock.now() - before >= 24 * 3_600_000


@pytest.mark.parametrize("body", [{"hours": 2}, {"hours": -1}, {"hours": "1"}, {"days": 1}, []])
async def test_no_other_step_of_the_clock_is_taken(visit: Visit, body: object) -> None:
    status, said = await visit.posts("/demo/clock", body)

    assert status in (400, 422)
    assert "error" in said


async def test_another_sites_page_moves_nothing(visit: Visit) -> None:
    before = visit.house.clock.now()

    elsewhere, _ = await visit.posts("/demo/clock", {"hours": 24}, Origin="https://evil.example")
    renamed, _ = await visit.posts(
        "/demo/clock", {"hours": 24}, Origin="http://evil.example", Host="evil.example"
    )

    assert (elsewhere, renamed) == (403, 403)
    assert visit.house.clock.now() - before < 3_600_000


async def test_another_language_changes_the_names_of_the_queues(visit: Visit) -> None:
    await visit.posts("/demo/language", {"language": "pt_BR"})

    desk = visit.house.app.parts.engine.desk
    assert sorted(queue.title for queue in desk.queues) == ["Suporte", "Vendas"]


async def test_a_new_customer_may_write_under_his_name(visit: Visit) -> None:
    status, proof = await visit.posts("/demo/customers", {"name": "Júlia"})
    headers = {
        "X-Deskbridge-Customer": str(proof["id"]),
        "X-Deskbridge-Signature": str(proof["signature"]),
    }

    written, _ = await visit.posts(
        "/chat/webchat/messages", {"id": str(uuid4()), "text": "Oi", "name": "Júlia"}, **headers
    )

    assert (status, written) == (200, 200)
    assert str(proof["id"]).isascii()


async def test_the_story_tells_what_customers_do_and_not_how_the_desk_was_set_up(
    visit: Visit,
) -> None:
    bruno = AgentBrowser(visit.house.url, "Bruno")
    await bruno.enter_demo("bruno")
    await bruno.submit("/desk/account", language="pt_BR", theme="dark")
    await bruno.close()
    customer = CustomerBrowser(visit.http, visit.house.chat, "Julia", "en")
    await customer.come()
    await customer.says("Hello")

    clock, contact, began = await visit.told(3)

    assert clock.name == "clock"
    assert contact.data["words"]["en"] == "Julia became a contact on Web chat"
    assert began.data["words"]["pt_BR"].startswith("Julia começou a conversa")
    assert (began.data["number"], began.data["customer"]) == (1, "Julia")
    assert began.data["old"]


async def test_the_story_goes_on_where_the_page_lost_it(visit: Visit) -> None:
    customer = CustomerBrowser(visit.http, visit.house.chat, "Julia", "en")
    await customer.come()
    await customer.says("Hello")
    _, contact, _ = await visit.told(3)

    _, began = await visit.told(2, last=contact.id)

    assert began.data["kind"] == "conversation_created"
    assert "old" not in began.data
