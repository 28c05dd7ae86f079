"""The simulated Graph refuses what Meta refuses, tells what Meta tells, and forgets nothing."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, FormData, web

from bridge.simulators.common.ledger import read_ledger
from bridge.simulators.graph.errors import GraphRefusal
from bridge.simulators.graph.faults import EventFault, Fault
from bridge.simulators.graph.limits import Limits, Meter
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.records import Number
from bridge.simulators.graph.settings import Quirks
from bridge.simulators.graph.simulator import GraphSimulator

Json = dict[str, Any]  # what Graph says


class Ear:
    """An app that listens. `status` is what it answers."""

    def __init__(self, secret: str) -> None:
        self.status = 200
        self.heard: list[Json] = []
        self.trusted = True
        self._secret = secret.encode()

    async def hear(self, request: web.Request) -> web.Response:
        body = await request.read()
        good = "sha256=" + hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        self.trusted &= request.headers.get("X-Hub-Signature-256") == good
        if self.status == 200:
            self.heard.append(json.loads(body))
        return web.Response(status=self.status)

    def values(self) -> list[Json]:
        """The values of all changes, in their order."""
        return [
            change["value"]
            for hook in self.heard
            for entry in hook["entry"]
            for change in entry["changes"]
        ]

    def statuses(self) -> list[str]:
        """What became of messages."""
        return [one["status"] for value in self.values() for one in value.get("statuses", ())]

    def said(self) -> list[str]:
        """What customers wrote."""
        messages = (one for value in self.values() for one in value.get("messages", ()))
        return [one["text"]["body"] for one in messages if "text" in one]


class Scene:
    """A Graph, an app and a customer."""

    def __init__(self, graph: GraphSimulator, http: ClientSession) -> None:
        self.graph = graph
        self.http = http
        self.number: Number = graph.number()
        self.bia: Person = graph.customer(self.number)
        self.ear = Ear(self.number.app_secret)

    async def call(self, **message: object) -> tuple[int, Json]:
        """`POST messages`."""
        body = {"messaging_product": "whatsapp", "to": self.bia.id, **message}
        return await self.post(f"{self.number.id}/messages", body)

    async def post(self, path: str, body: Json, token: str = "") -> tuple[int, Json]:
        headers = {"Authorization": f"Bearer {token or self.number.token}"}
        url = f"{self.graph.url}/v23.0/{path}"
        async with self.http.post(url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> Json:
        headers = {"Authorization": f"Bearer {self.number.token}"}
        async with self.http.get(f"{self.graph.url}/v23.0/{path}", headers=headers) as answer:
            found: Json = await answer.json()
            return found


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with (
        ClientSession() as http,
        GraphSimulator.running(ledger=tmp_path / "ledger") as graph,
    ):
        made = Scene(graph, http)
        app = web.Application()
        app.router.add_post("/hook", made.ear.hear)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        graph.change_number(made.number, webhook=f"http://{host}:{port}/hook")
        yield made
        await runner.cleanup()


TEXT = {"type": "text", "text": {"body": "hello"}}


async def test_a_message_is_sent_delivered_and_read_with_its_key(scene: Scene) -> None:
    await scene.bia.writes("oi")
    status, _ = await scene.call(**TEXT, biz_opaque_callback_data="d1")
    await scene.bia.reads()
    await scene.graph.settled()

    told = [one for value in scene.ear.values() for one in value.get("statuses", ())]
    assert status == 200
    assert [one["status"] for one in told] == ["sent", "delivered", "read"]
    assert {one["biz_opaque_callback_data"] for one in told} == {"d1"}
    assert told[0]["pricing"]["category"] == "service"
    assert scene.ear.trusted


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "text", "text": {"body": ""}}, 100),
        ({"type": "text", "text": {"body": "x" * 4097}}, 100),
        ({"type": "hologram", "hologram": {}}, 131009),
        ({"type": "image", "image": {"id": "404"}}, 131009),
        ({"type": "reaction", "reaction": {"message_id": "404", "emoji": "x"}}, 131009),
        ({"to": "5500000000000", **TEXT}, 131026),
        ({"to": "nobody", **TEXT}, 100),
        ({"type": "template", "template": {"name": "x", "language": {"code": "en"}}}, 132001),
    ],
)
async def test_what_meta_refuses_is_refused_with_its_code(
    scene: Scene, message: Json, code: int
) -> None:
    await scene.bia.writes("oi")

    status, answer = await scene.call(**message)

    assert status >= 400
    assert answer["error"]["code"] == code
    assert scene.bia.received() == []


async def test_text_after_a_day_is_accepted_and_fails(scene: Scene) -> None:
    await scene.bia.writes("oi")
    scene.graph.forward(24 * 3600)

    status, _ = await scene.call(**TEXT)
    await scene.graph.settled()

    assert status == 200
    assert scene.ear.statuses() == ["failed"]
    assert scene.bia.received() == []


async def test_a_token_of_nobody_is_worth_nothing(scene: Scene) -> None:
    status, answer = await scene.post(f"{scene.number.id}/messages", {}, token="EAA")

    assert (status, answer["error"]["code"]) == (401, 190)


async def test_a_files_address_expires_and_wants_the_token(scene: Scene) -> None:
    form = FormData({"messaging_product": "whatsapp", "type": "application/pdf"})
    form.add_field("file", b"%PDF", filename="a.pdf", content_type="application/pdf")
    headers = {"Authorization": f"Bearer {scene.number.token}"}
    url = f"{scene.graph.url}/v23.0/{scene.number.id}/media"
    async with scene.http.post(url, data=form, headers=headers) as answer:
        media = (await answer.json())["id"]
    where = (await scene.get(media))["url"]

    async with scene.http.get(where) as nobody, scene.http.get(where, headers=headers) as owner:
        assert (nobody.status, await owner.read()) == (401, b"%PDF")
    scene.graph.forward(301)
    async with scene.http.get(where, headers=headers) as late:
        assert late.status == 404


async def test_templates_come_in_pages(scene: Scene) -> None:
    for number in range(5):
        scene.graph.template(scene.number, f"t{number}", {"type": "BODY", "text": "x"})

    first = await scene.get(f"{scene.number.waba}/message_templates?limit=3")
    after = first["paging"]["cursors"]["after"]
    second = await scene.get(f"{scene.number.waba}/message_templates?limit=3&after={after}")

    assert [len(page["data"]) for page in (first, second)] == [3, 2]
    assert "next" in first["paging"]
    assert "next" not in second["paging"]


async def test_what_was_not_taken_is_brought_again_for_seven_days(scene: Scene) -> None:
    scene.ear.status = 500
    await scene.bia.writes("one")
    await scene.graph.settled()
    scene.graph.office.redeliver()
    await scene.graph.settled()
    scene.graph.forward(7 * 24 * 3600)
    await scene.bia.writes("two")
    await scene.graph.settled()

    scene.ear.status = 200
    scene.graph.office.redeliver()
    await scene.graph.settled()

    assert scene.ear.said() == ["two"]
    assert len(scene.graph.office.lost) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (EventFault(kind="lose"), ["b"]),
        (EventFault(kind="duplicate"), ["a", "a", "b"]),
        (EventFault(kind="swap"), ["b", "a"]),
    ],
)
async def test_webhooks_go_wrong_as_programmed(
    scene: Scene, fault: EventFault, said: list[str]
) -> None:
    scene.graph.fault(fault)

    await scene.bia.writes("a")
    await scene.bia.writes("b")
    await scene.graph.settled()

    assert scene.ear.said() == said


async def test_changes_go_out_together_when_they_are_batched(scene: Scene) -> None:
    scene.graph.turn(Quirks(batch=3))

    for word in "abcd":
        await scene.bia.writes(word)
    await scene.graph.settled()
    before = scene.ear.said()
    scene.graph.office.flush()
    await scene.graph.settled()

    assert before == ["a", "b", "c"]
    assert scene.ear.said() == ["a", "b", "c", "d"]


@pytest.mark.parametrize(("accepted", "sent"), [(False, 0), (True, 1)])
async def test_a_lost_answer_may_have_had_its_effect(
    scene: Scene, accepted: bool, sent: int
) -> None:
    await scene.bia.writes("oi")
    scene.graph.fault(Fault(route="POST messages", kind="drop", accepted=accepted))

    with pytest.raises(ClientError):
        await scene.call(**TEXT)

    assert len(scene.bia.received()) == sent


async def test_everything_that_was_accepted_is_on_disk(scene: Scene) -> None:
    await scene.bia.writes("oi")
    await scene.call(**TEXT)

    assert scene.graph.ledger.path is not None
    entries = read_ledger(scene.graph.ledger.path)
    assert [entry["what"] for entry in entries] == ["person.sends", "messages"]


def test_a_pair_has_a_burst_and_then_one_every_six_seconds() -> None:
    now = [0.0]
    meter = Meter(Limits(pair_burst=2), lambda: now[0])

    def tries() -> bool:
        try:
            meter.admit("n", "bia")
        except GraphRefusal:
            return False
        return True

    at_once = [tries() for _ in range(3)]
    now[0] = 6.0
    later = [tries() for _ in range(2)]

    assert (at_once, later) == ([True, True, False], [True, False])


async def test_it_is_steered_by_http(scene: Scene) -> None:
    base = f"{scene.graph.url}/sim/{scene.number.id}/{scene.bia.id}"
    async with scene.http.post(f"{base}/writes", json={"text": "oi"}) as answer:
        assert answer.status == 200
    await scene.call(
        type="interactive",
        interactive={
            "type": "button",
            "body": {"text": "Which?"},
            "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": "One"}}]},
        },
    )
    async with scene.http.get(base) as answer:
        shown = await answer.json()
    question = shown["lines"][-1]
    async with scene.http.post(
        f"{base}/presses", json={"message": question["id"], "label": "One"}
    ) as answer:
        assert answer.status == 200
    async with scene.http.post(f"{scene.graph.url}/sim/forward", json={"seconds": 86400}) as answer:
        assert answer.status == 200
    async with scene.http.get(base) as answer:
        closed = await answer.json()

    assert [line["text"] for line in shown["lines"]] == ["oi", "Which?"]
    assert question["choices"] == ["One"]
    assert (shown["window_open"], closed["window_open"]) == (True, False)
