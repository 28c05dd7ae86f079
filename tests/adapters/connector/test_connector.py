"""The connector over its wire: who is believed, what is taken, what the platform is told."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from pydantic import ValidationError

from bridge.adapters.channels.connector.settings import ConnectorSettings
from bridge.domain.contact import Refuses
from bridge.domain.content import Content, Location, TemplateUse, text_content
from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    InvalidSettings,
    Overloaded,
    TemporaryFailure,
    WindowClosed,
)
from bridge.domain.ids import HOUR, Address, ExternalId
from bridge.domain.message import Author, Receipt
from bridge.domain.text import Bold, Paragraph, Plain, plain
from bridge.ports import channel as port
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.markdown import parse
from bridge.simulators.connector.platform import Json
from tests.adapters.connector.rig import EVERYTHING, SECRET, Rig, connector, serve
from tests.adapters.webchat.fakes import Core, FolderFiles, MemoryStore
from tests.contract.channel_contract import post
from tests.integration.robust.bodies import JSON, Sent, bad_json

BIA = "+5511912345678"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """A platform that can do everything."""
    async with serve(tmp_path, **EVERYTHING) as made:
        yield made


# --- who is believed -------------------------------------------------------------------------

JUNK = {
    "nothing": {},
    "a wrong token": {"authorization": "Bearer wrong"},
    "no bearer": {"authorization": "bearer-1"},
    "an empty token": {"authorization": "Bearer "},
    "a token that is no ASCII": {"authorization": "Bearer bearér-1"},
    "a wrong signature": {
        "webhook-id": "a",
        "webhook-timestamp": "1700000000",
        "webhook-signature": "v1,AAAA",
    },
    "a signature that is none, beside a good token": {
        "authorization": "Bearer bearer-1",
        "webhook-signature": "x",
    },
}


@pytest.mark.parametrize("headers", JUNK.values(), ids=JUNK.keys())
async def test_nobody_but_the_platform_is_believed_and_nothing_is_stored(
    rig: Rig, headers: dict[str, str]
) -> None:
    body = json.dumps(rig.platform.line(BIA, "Hello")).encode()

    status, _ = await rig.platform.post(body, headers)

    assert status == 401
    assert not rig.core.events


async def test_a_signature_is_for_this_very_body(rig: Rig) -> None:
    event = rig.platform.line(BIA, "Hello")
    status, _ = await rig.platform.tell(event, **{"webhook-id": "another"})

    assert status == 401
    assert not rig.core.events


async def test_a_request_that_is_sent_again_by_somebody_who_saw_it_has_no_effect(rig: Rig) -> None:
    event = rig.platform.line(BIA, "Hello")

    first = await rig.platform.tell(event, key="once")
    again = await rig.platform.tell(event, key="once")

    assert first == (200, {"duplicate": False})
    assert again == (200, {"duplicate": True})
    assert len(rig.core.events) == 1


async def test_a_platform_that_cannot_sign_shows_its_token(rig: Rig) -> None:
    body = json.dumps(rig.platform.line(BIA, "Hello")).encode()

    status, _ = await rig.platform.post(body, {"authorization": "Bearer bearer-1"})

    assert status == 200
    assert len(rig.core.events) == 1


async def test_without_a_token_in_the_settings_only_signatures_count(tmp_path: Path) -> None:
    async with serve(tmp_path, token="") as rig:
        body = json.dumps(rig.platform.line(BIA, "Hello")).encode()

        status, _ = await rig.platform.post(body, {"authorization": "Bearer "})

        assert status == 401


def test_without_a_secret_there_is_no_connector() -> None:
    with pytest.raises(ValidationError, match="secret"):
        ConnectorSettings.model_validate({"url": "http://platform.test/"})


async def test_a_secret_that_is_none_stops_the_start(tmp_path: Path) -> None:
    def no_http() -> aiohttp.ClientSession:
        raise AssertionError("nothing is called")

    settings: dict[str, object] = {"url": "http://platform.test/", "secret": "hunter2"}
    channel = connector(settings, FolderFiles(tmp_path), no_http)

    with pytest.raises(InvalidSettings, match=r"channels\.shop\.secret"):
        await channel.start(Core(MemoryStore()))


# --- what is taken ---------------------------------------------------------------------------

BAD: dict[str, tuple[Json, str]] = {
    "no JSON": ("{", "JSON"),
    "a list": ([], ""),
    "an unknown type": ({"type": "message.sent", "data": {}}, ""),
    "no id": ({"type": "message.created", "data": {"customer": {"id": "a"}, "text": "x"}}, "id"),
    "an unknown word": (
        {
            "type": "message.created",
            "data": {"id": "1", "customer": {"id": "a"}, "text": "x", "txet": "y"},
        },
        "txet",
    ),
    "a line without anything": (
        {"type": "message.created", "data": {"id": "1", "customer": {"id": "a"}}},
        "nothing at all",
    ),
    "a NUL": (
        {"type": "message.created", "data": {"id": "1", "customer": {"id": "a"}, "text": "a\0b"}},
        "control",
    ),
    "an id of two lines": (
        {"type": "message.created", "data": {"id": "1\n2", "customer": {"id": "a"}, "text": "x"}},
        "one line",
    ),
    "a place beyond the map": (
        {
            "type": "message.created",
            "data": {
                "id": "1",
                "customer": {"id": "a"},
                "location": {"latitude": 91, "longitude": 0},
            },
        },
        "latitude",
    ),
    "a receipt that is none": (
        {"type": "message.receipt", "data": {"id": "1", "status": "seen"}},
        "status",
    ),
}


@pytest.mark.parametrize(("event", "named"), BAD.values(), ids=BAD.keys())
async def test_what_makes_no_sense_is_refused_by_name(rig: Rig, event: Json, named: str) -> None:
    body = event.encode() if isinstance(event, str) else json.dumps(event).encode()

    status, said = await rig.platform.post(body, {"authorization": "Bearer bearer-1"})

    assert status == 422
    assert named in said["error"]["message"]
    assert not rig.core.events


RIGHT = {
    "type": "message.created",
    "data": {"id": "1", "customer": {"id": BIA, "name": "Bia"}, "text": "Hello"},
}


BEFORE_US = 1_000_000
"""Larger bodies, other types and encodings are refused by the desk's edge."""
SENT = [
    each
    for each in bad_json(RIGHT)
    if each.kind == JSON and not each.headers and len(each.body) < BEFORE_US
]


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.name)
async def test_whatever_is_sent_instead_is_refused_in_words_and_kept_nowhere(
    rig: Rig, sent: Sent
) -> None:
    status, said = await rig.platform.post(sent.body, {"authorization": "Bearer bearer-1"})

    assert 400 <= status < 500
    assert said["error"]["message"]
    assert not rig.core.events


async def test_a_body_that_is_too_large_is_refused(rig: Rig) -> None:
    status, _ = await rig.platform.post(b" " * 300_000, {"authorization": "Bearer bearer-1"})

    assert status == 413


async def test_a_line_brings_everything_that_it_carries(rig: Rig) -> None:
    rig.platform.files["/photo.png"] = PNG
    more = {
        "media": [{"url": f"{rig.platform.base}/photo.png"}],
        "location": {"latitude": -23.5, "longitude": -46.6, "name": "Café"},
        "contact_card": {"name": "Bia", "phones": [BIA]},
        "chosen": "yes",
        "reply_to": "q1",
        "at": "2026-11-22T12:00:00-03:00",
        "customer": {"id": BIA, "name": "Bia", "language": "pt-BR", "also": ["br.150"]},
    }

    status, _ = await rig.platform.tell(rig.platform.line(BIA, "*Olá*", **more))

    assert status == 200
    (event,) = rig.core.of(port.MessageReceived)
    assert event.content.text == plain("*Olá*")
    (file,) = event.content.files
    assert rig.files.path(file.id).read_bytes() == PNG
    assert event.content.location == Location(latitude=-23.5, longitude=-46.6, name="Café")
    assert event.content.contact_card is not None
    assert (event.content.chosen, event.quoted) == ("yes", ExternalId("q1"))
    assert (event.name, event.language, event.also) == ("Bia", "pt_BR", (Address("br.150"),))
    assert event.at == 1_795_359_600_000


async def test_a_file_from_within_our_network_is_not_fetched(rig: Rig) -> None:
    elsewhere = rig.base  # the desk itself
    media = [{"url": f"{elsewhere}/v1/channels/shop/events"}]

    status, said = await rig.platform.tell(rig.platform.line(BIA, media=media))

    assert status == 422
    assert "media" in said["error"]["message"]
    assert not rig.core.events


async def test_a_file_that_cannot_be_fetched_now_is_to_be_sent_again(tmp_path: Path) -> None:
    async with serve(tmp_path, media_from=("http://127.0.0.1:9/",)) as rig:
        media = [{"url": "http://127.0.0.1:9/photo.png"}]

        status, _ = await rig.platform.tell(rig.platform.line(BIA, media=media))

        assert status == 503
        assert not rig.core.events


async def test_a_file_over_the_limit_is_refused_with_the_limit(tmp_path: Path) -> None:
    async with serve(tmp_path, max_file_mib=1) as rig:
        rig.platform.files["/long"] = b"x" * (1024 * 1024 + 1)
        media = [{"url": f"{rig.platform.base}/long"}]

        status, said = await rig.platform.tell(rig.platform.line(BIA, media=media))

        assert status == 422
        assert "1048576" in said["error"]["message"]


async def test_changes_deletions_reactions_and_renamings_are_told(rig: Rig) -> None:
    customer = {"id": BIA}
    events: list[Json] = [
        {"type": "message.edited", "data": {"id": "p1", "customer": customer, "text": "new"}},
        {"type": "message.deleted", "data": {"id": "p1", "customer": customer}},
        {"type": "message.reaction", "data": {"id": "q1", "customer": customer, "emoji": "👍"}},
        {"type": "customer.renamed", "data": {"customer": customer, "new": "br.150"}},
        {"type": "message.echoed", "data": {"id": "e1", "customer": customer, "text": "by phone"}},
        {"type": "customer.left", "data": {"customer": customer, "blocked": True}},
        {"type": "customer.preferences", "data": {"customer": customer, "refuses": "marketing"}},
    ]

    statuses = [(await rig.platform.tell(event))[0] for event in events]

    assert statuses == [200] * 7
    assert [type(event) for event in rig.core.events] == [
        port.MessageEdited,
        port.MessageDeleted,
        port.Reacted,
        port.AddressChanged,
        port.HumanEchoed,
        port.CustomerLeft,
        port.WishesChanged,
    ]
    assert rig.core.of(port.CustomerLeft)[0].blocked
    assert rig.core.of(port.WishesChanged)[0].refuses is Refuses.MARKETING


async def test_a_customer_leaves_once_however_often_it_is_told(rig: Rig) -> None:
    event: Json = {"type": "customer.left", "data": {"customer": {"id": BIA}}}

    first = await rig.platform.tell(event, key="left-1")
    again = await rig.platform.tell(event, key="left-1")

    assert (first[1], again[1]) == ({"duplicate": False}, {"duplicate": True})
    (left,) = rig.core.of(port.CustomerLeft)
    assert (left.address, left.blocked) == (Address(BIA), False)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"customer": {"id": BIA}, "blocked": "maybe"},
        {"customer": {"id": BIA}, "why": "bored"},
    ],
)
async def test_leaving_that_nobody_can_mean_is_refused(rig: Rig, data: Json) -> None:
    status, _ = await rig.platform.tell({"type": "customer.left", "data": data})

    assert status == 422
    assert not rig.core.events


async def test_the_same_receipt_twice_is_one_and_a_later_one_another(rig: Rig) -> None:
    for status in ("delivered", "delivered", "read"):
        data = {"id": "q1", "status": status, "key": "d7"}
        await rig.platform.tell({"type": "message.receipt", "data": data})

    receipts = rig.core.of(port.ReceiptChanged)
    assert [each.receipt for each in receipts] == [Receipt.DELIVERED, Receipt.READ]
    assert {each.key for each in receipts} == {"d7"}


async def test_the_platforms_templates_become_the_desks(rig: Rig) -> None:
    template = {"name": "order_sent", "language": "pt_BR", "body": "Olá {{name}}"}

    event: Json = {"type": "templates.changed", "data": {"templates": [template]}}
    status, _ = await rig.platform.tell(event)

    assert status == 200
    (synced,) = rig.core.of(port.TemplatesSynced)
    assert synced.templates[0].body == "Olá {{name}}"


async def test_typing_is_shown_and_not_stored(rig: Rig) -> None:
    await rig.platform.tell({"type": "customer.typing", "data": {"customer": {"id": BIA}}})

    assert rig.core.typists == [Address(BIA)]
    assert not rig.core.events


async def test_a_connector_that_is_stopping_takes_nothing(rig: Rig) -> None:
    await rig.channel.stop()

    status, _ = await rig.platform.tell(rig.platform.line(BIA, "Hello"))

    assert status == 503


async def test_what_cannot_be_stored_is_to_be_sent_again(rig: Rig) -> None:
    rig.core.fault = Overloaded("full")

    status, _ = await rig.platform.tell(rig.platform.line(BIA, "Hello"))

    assert status == 503


# --- what the platform is told ---------------------------------------------------------------


async def test_a_line_says_who_writes_and_a_template_goes_as_it_is(rig: Rig) -> None:
    use = TemplateUse(name="order_sent", language="pt_BR", variables=("Bia", "{x:>999999999}"))
    content = Content(text=plain("Olá Bia"), template=use)

    await rig.channel.send(Address(BIA), post(content))

    (line,) = rig.platform.lines(BIA)
    assert line.data["from"] == {"kind": "agent", "name": "Ana"}
    assert line.data["template"] == {
        "name": "order_sent",
        "language": "pt_BR",
        "variables": ["Bia", "{x:>999999999}"],
    }


async def test_formatting_crosses_as_markdown_and_a_persons_signs_stay_signs(rig: Rig) -> None:
    bold = Bold(spans=(Plain(text="now"),))
    text = (Paragraph(spans=(Plain(text="*a* <b> [x](y) 1. #"), bold)),)

    await rig.channel.send(Address(BIA), post(Content(text=text)))

    (line,) = rig.platform.lines(BIA)
    assert parse(line.data["markdown"]) == text


async def test_a_file_is_given_as_a_link_that_works(rig: Rig) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield PNG

    file = await rig.files.save(chunks(), "photo.png", 1_000)

    await rig.channel.send(Address(BIA), post(Content(files=(file,))))

    (line,) = rig.platform.lines(BIA)
    path = line.data["media"][0]["url"].removeprefix("http://desk.test")
    async with aiohttp.ClientSession() as session:
        async with session.get(rig.base + path) as answer:
            assert await answer.read() == PNG
        async with session.get(rig.base + path[:-1] + "x") as answer:
            assert answer.status == 404


REFUSALS: dict[str, tuple[int, Json, type[Exception], str]] = {
    "the window": (422, {"error": {"code": "window_closed"}}, WindowClosed, "window_closed"),
    "the customer": (404, {"error": {"code": "unknown_address"}}, DeliveryRejected, "unknown_"),
    "for its own reason": (400, {"error": {"code": "spam"}}, DeliveryRejected, "rejected"),
    "gone": (410, {}, DeliveryRejected, "no_channel"),
    "in no words of ours": (400, [1, 2], DeliveryRejected, "rejected"),
}


@pytest.mark.parametrize(("status", "said", "kind", "code"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_refusal_says_why(
    rig: Rig, status: int, said: Json, kind: type[DeliveryRejected], code: str
) -> None:
    rig.platform.faults.append((status, said))

    with pytest.raises(kind) as refused:
        await rig.channel.send(Address(BIA), post(text_content("Hello")))

    assert refused.value.code.startswith(code)


async def test_a_platform_that_does_not_know_our_secret_pauses_the_channel(rig: Rig) -> None:
    rig.platform.faults.append((401, {}))

    with pytest.raises(CredentialsRejected):
        await rig.channel.send(Address(BIA), post(text_content("Hello")))


async def test_a_platform_that_is_down_is_asked_again(rig: Rig) -> None:
    rig.platform.down = True

    with pytest.raises(TemporaryFailure) as failure:
        await rig.channel.send(Address(BIA), post(text_content("Hello")))

    assert failure.value.retry_after == 1


async def test_typing_is_told_and_never_fails(rig: Rig) -> None:
    await rig.channel.show_typing(BIA, "Ana")
    rig.platform.down = True
    await rig.channel.show_typing(BIA, "Ana")

    assert [event["type"] for event in rig.platform.heard] == ["agent.typing"]


async def test_the_settings_say_what_the_platform_can(tmp_path: Path) -> None:
    async with serve(tmp_path, reply_window_hours=24, phones=True, repeats=False) as rig:
        can = rig.channel.capabilities

        assert can.reply_window == 24 * HOUR
        assert can.phones
        assert not can.repeats
        assert can.edits == "none"


async def test_what_it_cannot_do_is_not_even_tried(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        call = OutboundCall(
            key="d1",
            kind=CallKind.EDIT,
            content=text_content("x"),
            author=Author.AGENT,
            external_id=ExternalId("q1"),
        )

        with pytest.raises(DeliveryRejected):
            await rig.channel.send(Address(BIA), call)

        assert not rig.platform.heard


async def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        checks = await rig.channel.diagnose()

        assert SECRET not in repr(checks)
        assert all(check.ok for check in checks)
