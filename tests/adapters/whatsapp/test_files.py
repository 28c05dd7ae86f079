"""Files cross byte for byte, or a line says which one did not, and why."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.domain.content import Content, File, FileKind
from bridge.domain.errors import DeliveryRejected, TemporaryFailure
from bridge.ports.channel import MessageReceived
from bridge.simulators.graph.faults import Fault
from bridge.simulators.graph.office import Envelope
from bridge.simulators.graph.records import Media
from bridge.simulators.graph.settings import Quirks
from bridge.simulators.graph.world import World
from tests.adapters.whatsapp.rig import Rig, serve

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 500
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 700


def taken(rig: Rig) -> list[MessageReceived]:
    return rig.core.of(MessageReceived)


@pytest.mark.parametrize(
    ("kind", "bytes_", "mime"),
    [("image", PNG, "image/png"), ("document", PDF, "application/pdf")],
)
async def test_a_customers_file_is_in_our_store_byte_for_byte(
    rig: Rig, kind: str, bytes_: bytes, mime: str
) -> None:
    await rig.bia.sends_file(bytes_, mime, kind=kind, name="o pedido.pdf", caption="Veja")
    await rig.graph.settled()

    (line,) = taken(rig)
    (file,) = line.content.files
    assert rig.files.path(file.id).read_bytes() == bytes_
    assert (line.content.words(), file.mime, file.kind.value) == ("Veja", mime, kind)


async def test_a_sticker_and_a_voice_message_stay_what_they_are(rig: Rig) -> None:
    await rig.bia.sends_file(PNG, "image/webp", kind="sticker")
    await rig.bia.sends_file(b"OggS" + bytes(900), "audio/ogg", kind="audio", voice=True)
    await rig.graph.settled()

    kinds = [line.content.files[0].kind for line in taken(rig)]
    assert kinds == [FileKind.STICKER, FileKind.VOICE]


async def test_a_file_that_lies_about_itself_is_what_its_bytes_are(rig: Rig) -> None:
    await rig.bia.sends_file(PDF, "image/png", kind="image")
    await rig.graph.settled()

    (file,) = taken(rig)[0].content.files
    assert (file.mime, file.kind) == ("application/pdf", FileKind.DOCUMENT)


async def test_a_file_that_comes_twice_is_fetched_once(rig: Rig) -> None:
    await rig.bia.sends_file(PNG, "image/png", kind="image")
    await rig.graph.settled()
    rig.core.forget()

    rig.graph.office.post(rig.graph.office.taken[-1])
    await rig.graph.settled()

    assert rig.graph.api.calls.count("GET file") == 1
    assert len(taken(rig)) == 1


async def test_an_address_that_expired_is_asked_for_again(rig: Rig) -> None:
    rig.graph.fault(Fault(route="GET file", kind="status", status=503))

    await rig.bia.sends_file(PNG, "image/png", kind="image")
    await rig.graph.settled()

    assert rig.graph.api.calls.count("GET media") == 2
    assert taken(rig)[0].content.files


async def test_a_file_that_cannot_be_had_now_is_brought_again(rig: Rig) -> None:
    rig.graph.fault(Fault(route="GET media", kind="error", code=131000, times=3))
    await rig.bia.sends_file(PNG, "image/png", kind="image")
    await rig.graph.settled()
    before = taken(rig)

    rig.graph.office.redeliver()
    await rig.graph.settled()

    assert before == []
    assert taken(rig)[0].content.files


async def test_a_file_that_stays_away_becomes_a_line_that_says_so(rig: Rig) -> None:
    rig.graph.fault(Fault(route="GET media", kind="error", code=131000, times=None))
    await rig.bia.sends_file(PNG, "image/png", kind="image", caption="Veja")
    await rig.graph.settled()

    rig.clock.forward(11 * 60_000)
    rig.graph.office.redeliver()
    await rig.graph.settled()

    words = taken(rig)[0].content.words()
    assert words == "Veja\n[image.png is missing: WhatsApp did not hand it over]"


async def test_a_file_that_is_gone_becomes_a_line_at_once(rig: Rig) -> None:
    sent = await _withheld_file(rig)
    rig.graph.world.media.clear()

    rig.graph.office.post(sent)
    await rig.graph.settled()

    assert "does not have it any more" in taken(rig)[-1].content.words()


async def _withheld_file(rig: Rig) -> Envelope:
    await rig.channel.stop()
    await rig.bia.sends_file(PNG, "image/png", kind="image")
    await rig.graph.settled()
    await rig.channel.start(rig.core)
    return rig.graph.office.failed.pop()


async def test_a_file_over_the_limit_is_named_not_taken(tmp_path: Path) -> None:
    async with serve(tmp_path, max_file_mb=1) as rig:
        await rig.bia.sends_file(PDF + bytes(1024**2), "application/pdf", name="big.pdf")
        await rig.graph.settled()

        assert taken(rig)[0].content.words() == "[big.pdf is missing: it is larger than 1 MB]"


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.1]/x",
        "http://2130706433/x",
        "http://0x7f.1/x",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "http://user:pw@127.0.0.1/x",
        "",
    ],
)
async def test_an_address_into_our_own_network_is_not_called(rig: Rig, address: str) -> None:
    lying = _Lying(rig.graph.world, address)
    rig.graph.world.media = lying
    await rig.bia.sends_file(PNG, "image/png", kind="image")
    await rig.graph.settled()

    assert "is missing" in taken(rig)[0].content.words()


class _Lying(dict[str, Media]):
    """Media that Graph says are somewhere else."""

    def __init__(self, world: World, address: str) -> None:
        super().__init__(world.media)
        self._world = world
        self._address = address

    def get(self, key: str, default: Media | None = None) -> Media | None:  # type: ignore[override]
        # The address that Graph makes begins with its own; here it is all that it says.
        self._world.address = ""
        return super().get(key, default)


# --- to customers -----------------------------------------------------------------------------


@pytest.fixture
def png(talking: Rig) -> File:
    return talking.files.add(PNG, "foto.png")


async def test_our_file_is_at_the_customers_byte_for_byte(talking: Rig, png: File) -> None:
    await talking.say("Veja", files=(png,))

    (shown,) = talking.bia.received()
    media = talking.graph.world.media[str(shown.body["id"])]
    assert (shown.type, shown.body["caption"], media.body) == ("image", "Veja", PNG)


async def test_a_document_keeps_its_name(talking: Rig) -> None:
    file = talking.files.add(PDF, "nota fiscal.pdf")

    await talking.say(files=(file,))

    assert talking.bia.received()[0].body["filename"] == "nota fiscal.pdf"


async def test_a_file_that_is_too_large_is_refused_before_it_is_uploaded(
    talking: Rig, png: File
) -> None:
    with pytest.raises(DeliveryRejected):
        await talking.say(files=(replace(png, size=6 * 1024**2),))

    assert "POST media" not in talking.graph.api.calls


async def test_a_file_that_is_gone_is_refused(talking: Rig, png: File) -> None:
    await talking.files.remove(png.id)

    with pytest.raises(DeliveryRejected) as refused:
        await talking.say(files=(png,))

    assert refused.value.code == "file_gone"


async def test_an_upload_that_failed_is_made_again(talking: Rig, png: File) -> None:
    talking.graph.fault(Fault(route="POST media", kind="drop"))
    content = Content(files=(png,))

    with pytest.raises(TemporaryFailure):
        await talking.channel.send(talking.customer, talking.call(content=content))
    await talking.channel.send(talking.customer, talking.call(content=content))

    assert len(talking.bia.received()) == 1


async def test_a_medias_address_lives_for_minutes_and_its_id_for_days(tmp_path: Path) -> None:
    async with serve(tmp_path, quirks=Quirks(media_url_lives=0)) as rig:
        await rig.bia.sends_file(PNG, "image/png", kind="image")
        await rig.graph.settled()

        assert "is missing" in taken(rig)[0].content.words()
