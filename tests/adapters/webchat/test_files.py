"""Files of a web chat: both ways, each to whom it belongs, and none kept for nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

from bridge.domain.content import Content, FileKind
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import DAY, HOUR
from bridge.ports.channel import MessageReceived
from tests.adapters.webchat.rig import DEFAULTS, Rig, serve


async def test_a_file_crosses_to_the_core_with_its_line(rig: Rig) -> None:
    ana = rig.customer()
    name = {"X-Deskbridge-Name": "..%2Frecibo%20%E2%80%AEfdp.png"}

    _, uploaded = await ana.request("POST", "/files", data=b"\x89PNG bytes", headers=name)
    answered, _ = await ana.send(files=[uploaded["id"]])

    [line] = rig.core.of(MessageReceived)
    [file] = line.content.files
    assert answered == 200
    assert (file.name, file.kind, file.mime) == ("recibo fdp.png", FileKind.IMAGE, "image/png")


async def test_an_upload_that_was_not_sent_within_a_day_is_thrown_away(rig: Rig) -> None:
    ana = rig.customer()
    _, sent = await ana.request("POST", "/files", data=b"sent")
    await ana.send(files=[sent["id"]])
    _, unsent = await ana.request("POST", "/files", data=b"unsent")

    rig.clock.forward(DAY - HOUR)
    await rig.chat.tidy()
    before = set(rig.files.known)
    rig.clock.forward(HOUR)
    await rig.chat.tidy()

    assert before == {sent["id"], unsent["id"]}
    assert set(rig.files.known) == {sent["id"]}
    assert (await ana.send(files=[unsent["id"]]))[0] == 404
    assert (await ana.send(files=[sent["id"]]))[0] == 200


async def test_what_a_failed_message_came_with_may_be_sent_later(rig: Rig) -> None:
    ana = rig.customer()
    _, file = await ana.request("POST", "/files", data=b"bytes")
    rig.core.fault = StorageUnavailable("full")
    failed, _ = await ana.send(files=[file["id"]])

    rig.core.fault = None
    rig.clock.forward(2 * DAY)
    await rig.chat.tidy()
    again, _ = await ana.send(files=[file["id"]])

    assert (failed, again) == (503, 200)


async def test_what_was_sent_to_a_visitor_is_never_thrown_away(rig: Rig) -> None:
    ana = rig.customer()
    file = rig.files.add(b"%PDF-1", "terms.pdf")
    await rig.say(ana.address, content=Content(files=(file,)))

    rig.clock.forward(30 * DAY)
    await rig.chat.tidy()

    assert set(rig.files.known) == {file.id}


async def test_a_file_is_given_back_as_an_inert_download(rig: Rig) -> None:
    ana = rig.customer()
    _, uploaded = await ana.request(
        "POST", "/files", data=b"<script>alert(1)</script>", headers={"X-Deskbridge-Name": "a%0Ab"}
    )
    url = f"{rig.url}/files/{uploaded['id']}"

    async with rig.http.get(url, headers=ana.proof) as answer:
        body = await answer.read()

    assert body == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''ab"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_a_file_belongs_to_whom_it_was_sent(rig: Rig) -> None:
    ana, bob = rig.customer("ana"), rig.customer("bob")
    _, uploaded = await ana.request("POST", "/files", data=b"secret")
    ours = rig.files.add(b"for ana", "ana.txt")
    await rig.say(ana.address, content=Content(files=(ours,)))

    fetched = [await bob.request("GET", f"/files/{file}") for file in (uploaded["id"], ours.id)]
    sent, _ = await bob.send(files=[uploaded["id"]])
    async with rig.http.get(f"{rig.url}/files/{ours.id}", headers=ana.proof) as answer:
        received = await answer.read()

    assert [status for status, _ in fetched] == [404, 404]
    assert sent == 404
    assert received == b"for ana"


async def test_an_empty_or_too_large_file_is_refused(tmp_path: Path) -> None:
    settings = DEFAULTS.model_copy(update={"max_file_mb": 1})

    async def unsized() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65_536

    async with serve(tmp_path, settings) as rig:
        ana = rig.customer()
        empty, _ = await ana.request("POST", "/files", data=b"")
        large, _ = await ana.request("POST", "/files", data=b"x" * (1024 * 1024 + 1))
        endless, _ = await ana.request("POST", "/files", data=unsized())

    assert (empty, large, endless) == (400, 413, 413)
    assert rig.files.known == {}
