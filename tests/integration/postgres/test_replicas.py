"""Several processes of one desk: each takes and serves, one decides and sends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from aiohttp import ClientSession

from bridge.app import App, build
from bridge.domain.errors import InvalidSettings
from bridge.domain.message import Author, Message, Receipt
from bridge.ports.holding import Role
from bridge.settings import load
from bridge.simulators.connector.platform import Platform
from bridge.simulators.graph.person import words_of
from bridge.simulators.graph.records import Number
from bridge.simulators.graph.simulator import GraphSimulator
from bridge.web.health import Phase
from tests.crash.desk import set_up, settings_of
from tests.crash.people import Agent, Customer, proof
from tests.crash.test_kills import browser
from tests.patience import PATIENCE, seen, until

SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdCwgMzIgYnl0ZXMgbG9uZyE="
SETTINGS = """
[channels.shop]
kind = "connector"
url = "{platform}/hook"
secret = "{secret}"

[channels.wa]
kind = "whatsapp"
phone_number_id = "{number.id}"
business_account_id = "{number.waba}"
access_token = "{number.token}"
app_secret = "{number.app_secret}"
verify_token = "{number.verify_token}"
graph_url = "{graph}"
pair_seconds = 0
"""
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 50
CLIENTS = {"X-Forwarded-For": "203.0.113.7"}


@dataclass(kw_only=True)
class House:
    """A desk in two processes, as good as: one leads, and everything comes to the other one."""

    leader: App
    beside: App
    platform: Platform
    graph: GraphSimulator
    number: Number
    office: ClientSession

    async def ana(self, customer: str) -> tuple[Agent, str]:
        """Whoever has the customer, at the pages of the process that does not lead."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for handle in ("ana", "bruno"):
                    agent = Agent(handle, self.office, f"{self.beside.url}/desk")
                    await agent.sign_in()
                    if (thread := (await agent.threads()).get(customer)) is not None:
                        return agent, thread
                await asyncio.sleep(0.05)

    async def lines(self) -> list[Message]:
        """Everything that was said, oldest first."""
        return await lines_of(self.leader)

    async def words(self) -> list[str]:
        """The same, in words."""
        return await said(self.leader)


async def lines_of(leader: App) -> list[Message]:
    """What people said to each other, as it is on disk."""
    parts = leader.parts
    return [
        line
        for talk in tuple(parts.engine.desk.conversations)
        for line in await parts.database.reads.lines(talk.id, None, 1_000)
        if line.author is not Author.SYSTEM
    ]


async def one_of_them(folder: Path, role: Role = Role.ALL) -> App:
    """A process of the desk, on a port of its own."""
    return await build(load(folder / "deskbridge.toml", {}), port=0, demo=True, role=role)


def write_settings(folder: Path, *settings: str) -> None:
    path = folder / "deskbridge.toml"
    path.touch(mode=0o600)
    path.write_text("\n".join(settings), "utf-8")


@asynccontextmanager
async def beside(folder: Path, role: Role = Role.ALL) -> AsyncIterator[App]:
    """A process that takes what comes, while another leads or none does."""
    app = await one_of_them(folder, role)
    starting = asyncio.create_task(app.start())
    try:
        await until(lambda: app.parts.health.phase is Phase.INTAKE or starting.done())
        if starting.done():
            starting.result()
        yield app
    finally:
        starting.cancel()
        with suppress(asyncio.CancelledError):
            await starting
        await app.stop()


@pytest.fixture
async def house(tmp_path: Path, postgres_url: str) -> AsyncIterator[House]:
    platform = await Platform(SECRET).start()
    async with GraphSimulator.running() as graph, browser() as office:
        number = graph.number()
        more = SETTINGS.format(
            platform=platform.base, secret=SECRET, number=number, graph=graph.url
        )
        write_settings(tmp_path, settings_of(postgres_url), more)
        async with await one_of_them(tmp_path) as leader, beside(tmp_path) as other:
            await set_up(leader)
            await until(lambda: whereabouts(other))
            platform.desk = f"{other.url}/v1/channels/shop/events"
            graph.change_number(number, webhook=f"{other.url}/whatsapp/wa/events")
            yield House(
                leader=leader,
                beside=other,
                platform=platform,
                graph=graph,
                number=number,
                office=office,
            )
    await platform.stop()


def whereabouts(app: App) -> str | None:
    """Where this process passes requests on to."""
    assert app.parts.replica is not None
    place = app.parts.replica.leader
    return None if place is None else place.url


async def test_a_chat_beside_the_leader_is_decided_by_it_and_answered(house: House) -> None:
    once = asyncio.Event()
    once.set()
    async with browser() as shop:
        customer = Customer("c0", shop, f"{house.beside.url}/chat/web")
        await customer.write(once)
        listening = asyncio.create_task(customer.listen())
        agent, thread = await house.ana("c0")

        await agent.says(thread, "r-c0-0001")
        await until(lambda: customer.heard)
        listening.cancel()

    assert customer.heard == ["r-c0-0001"]
    await seen(house.words, ["c0-0001", "r-c0-0001"])
    assert house.beside.parts.replica is not None
    assert house.beside.parts.replica.kept == 1
    assert house.beside.parts.engine.stats.accepted == 0


async def test_a_platform_that_tells_the_wrong_process_is_answered_all_the_same(
    house: House,
) -> None:
    line = house.platform.line("c7", "where?", customer={"id": "c7", "name": "c7"})

    first = await house.platform.tell(line, key="k1")
    again = await house.platform.tell(line, key="k1")
    agent, thread = await house.ana("c7")
    await agent.says(thread, "r-c7-0001")
    await until(lambda: house.platform.lines("c7"))

    assert (first[0], again[0]) == (200, 200)
    assert [each.data["text"] for each in house.platform.lines("c7")] == ["r-c7-0001"]
    await seen(house.words, ["where?", "r-c7-0001"])


async def test_whatsapp_may_bring_everything_to_any_process(house: House) -> None:
    c8 = house.graph.customer(house.number, name="c8")

    await c8.writes("Oi")
    await c8.sends_file(PNG, "image/png", kind="image")
    await house.graph.settled()
    agent, thread = await house.ana("c8")
    await agent.says(thread, "r-c8-0001")
    await house.graph.until(lambda: bool(c8.received()))
    await house.graph.until(lambda: len(house.graph.world.seen) == 1)
    await c8.reads()
    await seen(lambda: receipt_of(house, "r-c8-0001"), Receipt.READ)

    assert [words_of(one) for one in c8.received()] == ["r-c8-0001"]
    said = await house.lines()
    assert [line.content.words() for line in said] == ["Oi", "", "r-c8-0001"]
    assert [len(line.content.files) for line in said] == [0, 1, 0]


async def receipt_of(house: House, words: str) -> Receipt | None:
    """What is known of a line of ours."""
    return next(
        (each.receipt for each in await house.lines() if each.content.words() == words), None
    )


async def test_a_line_with_a_file_goes_where_files_are_claimed(house: House) -> None:
    async with browser() as shop:
        base = f"{house.beside.url}/chat/web"
        sent = {**proof("c0"), "X-Deskbridge-Name": "a.txt"}
        large = b"x" * 3_000_000
        async with shop.post(f"{base}/files", data=BytesIO(large), headers=sent) as uploaded:
            file = (await uploaded.json())["id"]
        body = {"id": str(uuid4()), "text": "see", "name": "c0", "files": [file]}
        async with shop.post(f"{base}/messages", json=body, headers=proof("c0")) as answer:
            status = answer.status
        await seen(house.words, ["see"])
        async with shop.get(f"{base}/files/{file}", headers=proof("c0")) as fetched:
            back = await fetched.read()

    (line,) = await house.lines()
    assert (uploaded.status, status, back == large) == (200, 200, True)
    assert [each.size for each in line.content.files] == [3_000_000]


async def test_each_process_answers_programs_and_says_itself_how_it_is(house: House) -> None:
    operator = {"Authorization": f"Bearer {house.beside.operator}"}
    async with ClientSession(house.beside.url) as http:
        async with http.get("/v1/agents", headers=operator) as answer:
            agents = [each["handle"] for each in (await answer.json())["agents"]]
        async with http.get("/v1/agents", headers={"Authorization": "Bearer dk_no"}) as refused:
            assert refused.status == 401
        async with http.get("/metrics") as numbers:
            metrics = await numbers.text()
        async with http.get("/readyz") as ready:
            phase = await ready.json()
        async with http.get("/", headers={"Accept-Language": "pt-BR"}) as front:
            page = await front.text()

    assert agents == ["ana", "bruno"]
    assert 'deskbridge_process{phase="intake",role="all"} 1.0' in metrics
    assert "deskbridge_passed_on_total 2.0" in metrics
    assert "deskbridge_conversations{" not in metrics
    assert (ready.status, phase) == (200, {"status": "intake"})
    assert "Pronto, ao lado do processo que conduz" in page


async def test_nothing_is_refused_while_another_takes_over(house: House) -> None:
    async with browser() as shop:
        customers = [Customer(f"c{n}", shop, f"{house.beside.url}/chat/web") for n in range(3)]
        stop = asyncio.Event()
        writing = [asyncio.create_task(insistent(each, stop)) for each in customers]

        await house.leader.stop()
        await until(lambda: house.beside.parts.health.phase is Phase.READY)
        stop.set()
        refused = sum(await asyncio.gather(*writing))

    house.leader = house.beside
    assert refused == 0
    await seen(partial(said_by, house), {each.name: each.taken for each in customers})


async def said_by(house: House) -> dict[str, list[str]]:
    """Every customer's lines."""
    said: dict[str, list[str]] = {}
    for line in await house.words():
        said.setdefault(line.partition("-")[0], []).append(line)
    return said


async def insistent(customer: Customer, stop: asyncio.Event) -> int:
    """Line after line; how often he was not answered with 200."""
    refused = 0
    while not stop.is_set():
        line = f"{customer.name}-{len(customer.taken) + 1:04}"
        body = {"id": str(uuid4()), "text": line, "name": customer.name}
        url, who = f"{customer.url}/messages", customer.proof()
        async with customer.http.post(url, json=body, headers=who) as answer:
            refused += answer.status != 200
            customer.taken.append(line)
        await asyncio.sleep(0.01)
    return refused


async def test_one_takes_and_another_works(tmp_path: Path, postgres_url: str) -> None:
    write_settings(tmp_path, settings_of(postgres_url))
    once = asyncio.Event()
    once.set()
    async with (
        await one_of_them(tmp_path, Role.WORKER) as worker,
        beside(tmp_path, Role.WEB) as taking,
        browser() as shop,
    ):
        await set_up(worker)
        await until(lambda: whereabouts(taking))
        customer = Customer("c0", shop, f"{taking.url}/chat/web")
        await customer.write(once)
        await seen(partial(said, worker), ["c0-0001"])
        async with shop.get(f"{worker.url}/chat/web/try", headers=CLIENTS) as outside:
            from_outside = outside.status

    assert (taking.leads, worker.leads) == (False, True)
    assert from_outside == 503


async def said(leader: App) -> list[str]:
    """In words."""
    return [line.content.words() for line in await lines_of(leader)]


@pytest.mark.parametrize("role", [Role.WEB, Role.WORKER])
async def test_one_process_alone_has_no_part_to_play(tmp_path: Path, role: Role) -> None:
    write_settings(tmp_path, settings_of())

    with pytest.raises(InvalidSettings, match="database_url"):
        await one_of_them(tmp_path, role)
