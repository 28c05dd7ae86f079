"""What stands on a customer's telephone, and what he can do there by HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bridge.simulators.graph.acts import Acts
from bridge.simulators.graph.person import Person, words_of
from bridge.simulators.graph.records import Number, Sent
from bridge.simulators.graph.shown import screen
from bridge.simulators.graph.simulator import GraphSimulator

Json = Any  # what the simulator shows


class Scene:
    """A Graph, a customer, and what the business sends him."""

    def __init__(self, graph: GraphSimulator, http: ClientSession) -> None:
        self.graph = graph
        self.number: Number = graph.number()
        self.bia: Person = graph.customer(self.number)
        self._http = http

    async def gets(self, **message: object) -> Sent:
        """The business sends this."""
        body = {"messaging_product": "whatsapp", "to": self.bia.id, **message}
        url = f"{self.graph.url}/v23.0/{self.number.id}/messages"
        headers = {"Authorization": f"Bearer {self.number.token}"}
        async with self._http.post(url, json=body, headers=headers) as answer:
            said = await answer.json()
        return self.graph.world.messages[said["messages"][0]["id"]]

    async def does(self, act: str, **said: object) -> Json:
        """The customer does something, by HTTP."""
        url = f"{self.graph.url}/sim/{self.number.id}/{self.bia.id}/{act}"
        async with self._http.post(url, json=said) as answer:
            return answer.status, await answer.json() if answer.ok else await answer.text()

    def lines(self) -> list[Json]:
        """What stands there."""
        return screen(self.graph.world, self.number.id, self.bia.id)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with GraphSimulator.running() as graph, ClientSession() as http:
        yield Scene(graph, http)


async def test_edits_and_deletions_change_the_line_that_they_are_about(scene: Scene) -> None:
    _, first = await scene.does("writes", text="teh blue one")
    _, second = await scene.does("writes", text="no, wait")

    await scene.does("edits", message=first["id"], text="the blue one")
    await scene.does("revokes", message=second["id"])

    edited, gone = scene.lines()
    assert (edited["text"], edited["edited"]) == ("the blue one", True)
    assert (gone["gone"], gone["choices"]) == (True, [])


async def test_only_ones_own_message_can_be_changed(scene: Scene) -> None:
    await scene.does("writes", text="hello")
    ours = await scene.gets(type="text", text={"body": "Hello!"})

    status, why = await scene.does("edits", message=ours.id, text="Goodbye!")

    assert (status, why) == (404, "That is not his own message.")
    assert words_of(scene.graph.message(ours)) == "Hello!"


async def test_reactions_and_quotes_stand_at_their_line(scene: Scene) -> None:
    _, hello = await scene.does("writes", text="hello")
    ours = await scene.gets(
        type="text", text={"body": "Which one?"}, context={"message_id": hello["id"]}
    )
    await scene.does("reacts", message=ours.id, emoji="👍")
    await scene.does("reacts", message=ours.id, emoji="❤️")

    mine, theirs = scene.lines()
    assert theirs["quoted"] == {"id": hello["id"], "from": "in", "text": "hello"}
    assert theirs["reactions"] == {"in": "❤️"}
    assert mine["reactions"] == {}


async def test_a_place_and_a_file_are_shown_for_what_they_are(scene: Scene) -> None:
    await scene.does("shares", latitude=-23.56, longitude=-46.65, name="Paulista")
    acts = Acts(scene.graph.world)
    await acts.attach(scene.bia, b"%PDF", "application/pdf", "bill.pdf")
    await acts.attach(scene.bia, b"OggS", "audio/ogg", "note.ogg")

    place, bill, voice = scene.lines()
    assert place["place"]["name"] == "Paulista"
    assert (bill["type"], bill["file"]["name"], bill["file"]["size"]) == ("document", "bill.pdf", 4)
    assert (voice["type"], voice["file"]["voice"]) == ("audio", True)


async def test_a_template_is_shown_with_its_parts_and_its_buttons(scene: Scene) -> None:
    scene.graph.template(
        scene.number,
        "ready",
        {"type": "HEADER", "format": "TEXT", "text": "Ready"},
        {"type": "BODY", "text": "Hi {{1}}"},
        {"type": "FOOTER", "text": "Acme"},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Yes"},
                {"type": "URL", "text": "Track", "url": "https://acme.example"},
            ],
        },
        language="en",
    )
    values = [{"type": "text", "text": "Bia"}]
    await scene.gets(
        type="template",
        template={
            "name": "ready",
            "language": {"code": "en"},
            "components": [{"type": "body", "parameters": values}],
        },
    )

    (line,) = scene.lines()
    assert line["parts"] == {"header": "Ready", "body": "Hi Bia", "footer": "Acme"}
    assert (line["choices"], line["links"]) == (["Yes"], ["Track"])


async def test_two_ticks_say_that_the_app_has_it_and_blue_ones_that_it_was_read(
    scene: Scene,
) -> None:
    async def hear(request: web.Request) -> web.Response:
        return web.Response(status=200)

    app = web.Application()
    app.router.add_post("/hook", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    _, line = await scene.does("writes", text="one")
    alone = scene.lines()[0]["status"]

    scene.graph.change_number(
        scene.number, webhook=f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    )
    await scene.does("writes", text="two")
    await scene.graph.until(lambda: scene.lines()[1]["status"] == "delivered")
    scene.graph.world.see(line["id"])

    assert alone == "sent"
    assert [each["status"] for each in scene.lines()] == ["read", "delivered"]
    await runner.cleanup()


async def test_a_telephone_that_was_off_gets_what_waited(scene: Scene) -> None:
    await scene.does("writes", text="hello")
    await scene.does("switches", online=False)
    ours = await scene.gets(type="text", text={"body": "Are you there?"})
    waiting = scene.graph.message(ours).status

    await scene.does("switches", online=True)

    assert (waiting, scene.graph.message(ours).status) == ("sent", "delivered")


async def test_nobody_types_for_ever(scene: Scene) -> None:
    scene.graph.world.types(scene.number.id, scene.bia.id)
    before = scene.bia.sees_typing

    scene.graph.forward(26)

    assert (before, scene.bia.sees_typing) == (True, False)
