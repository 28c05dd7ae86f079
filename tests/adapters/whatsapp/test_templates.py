"""Meta's templates become texts with variables, and are filled as Meta takes them."""

import asyncio
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.channels.whatsapp.adapter import WhatsApp
from bridge.adapters.channels.whatsapp.client import Page
from bridge.adapters.channels.whatsapp.templates import Listed, Read, payload, read
from bridge.domain.content import Content, TemplateUse
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import TemplateId
from bridge.domain.template import Takes, Template, Variable, file_value
from bridge.domain.text import plain
from bridge.ports.channel import TemplatesSynced
from bridge.simulators.common.wire import JsonObject, arr, obj
from bridge.simulators.graph.faults import Fault
from tests.adapters.whatsapp.payloads import TEMPLATES
from tests.adapters.whatsapp.rig import Rig, context_of, settings_for
from tests.patience import seen

LIST = next(key for key in TEMPLATES if key.endswith("get/Example response"))
CREATED = [key for key in TEMPLATES if "/post/Create" in key and "components" in TEMPLATES[key]]


def body(text: str) -> JsonObject:
    return {"type": "BODY", "text": text}


BODIES = {"png": b"\x89PNG\r\n\x1a\n" + bytes(40), "pdf": b"%PDF-1.7\n" + bytes(40)}


def variables(found: Read) -> tuple[str, ...]:
    """The gaps of the text, as a form would ask for them."""
    made = Template(id=TemplateId(1), name="x", language="en", body=found.body)
    return made.variables()


def test_metas_list_is_read() -> None:
    page = msgspec.json.decode(msgspec.json.encode(TEMPLATES[LIST]), type=Page)

    found = [read(msgspec.convert(each, Listed)) for each in TEMPLATES[LIST]["data"]]

    assert page.after == ""
    assert [(each.name, each.sendable, variables(each)) for each in found] == [
        ("hello_world", True, ()),
        ("2023_april_promo", True, ("1", "2")),
    ]


@pytest.mark.parametrize("name", CREATED, ids=lambda name: name.rpartition("/")[2])
def test_every_gap_of_metas_examples_is_a_slot_in_the_same_order(name: str) -> None:
    found = read(msgspec.convert({"status": "APPROVED", **TEMPLATES[name]}, Listed))

    assert variables(found) == tuple(slot.name for slot in found.slots)


HEADERS: dict[str, tuple[JsonObject, str, str]] = {
    "text": ({"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"}, "header_1", "42"),
    "image": ({"type": "HEADER", "format": "IMAGE"}, "header_image", "https://a.example/a.png"),
    "location": (
        {"type": "HEADER", "format": "LOCATION"},
        "header_location",
        "-23.5, -46.6, Shop, Rua A",
    ),
}
URL: JsonObject = {
    "type": "BUTTONS",
    "buttons": [
        {"type": "QUICK_REPLY", "text": "Stop"},
        {"type": "URL", "text": "Track", "url": "https://acme.example/{{1}}"},
        {"type": "COPY_CODE", "example": "X"},
    ],
}


@pytest.mark.parametrize("kind", HEADERS)
async def test_a_filled_template_is_taken_by_graph_and_read_by_the_customer(
    rig: Rig, kind: str
) -> None:
    header, name, value = HEADERS[kind]
    rig.graph.template(rig.number, "order", URL, body("Hi {{1}}, {{2}}!"), header)
    await rig.channel.sync_templates()
    offered = rig.core.of(TemplatesSynced)[-1].templates[0]
    names = Template(id=TemplateId(1), name="x", language="y", body=offered.body).variables()
    use = TemplateUse(
        name="order", language="pt_BR", variables=(value, "Bia", "it is here", "77", "SALE")
    )

    content = Content(text=plain("as the team reads it"), template=use)
    await rig.channel.send(rig.customer, rig.call(content=content))

    assert names == (name, "1", "2", "button_2", "button_3")
    assert "Hi Bia, it is here!" in str(rig.bia.received()[0].body["shown"])


async def test_named_parameters_are_named(rig: Rig) -> None:
    rig.graph.template(rig.number, "hi", body("Oi {{nome}}, {{ pedido }}"), named=True)
    await rig.channel.sync_templates()
    use = TemplateUse(name="hi", language="pt_BR", variables=("Bia", "n.º 7"))

    content = Content(text=plain("Oi"), template=use)
    await rig.channel.send(rig.customer, rig.call(content=content))

    assert rig.bia.received()[0].body["shown"] == "Oi Bia, n.º 7"


@pytest.mark.parametrize(
    ("header", "what"),
    [("IMAGE", "png"), ("DOCUMENT", "png"), ("DOCUMENT", "pdf")],
)
async def test_a_file_of_ours_stands_in_the_header_byte_for_byte(
    rig: Rig, header: str, what: str
) -> None:
    file = rig.files.add(BODIES[what], f"map.{what}")
    rig.graph.template(rig.number, "map", {"type": "HEADER", "format": header}, body("Here"))
    await rig.channel.sync_templates()
    use = TemplateUse(name="map", language="pt_BR", variables=(file_value(file),))

    content = Content(text=plain("Here"), template=use)
    await rig.channel.send(rig.customer, rig.call(content=content))

    (part,) = arr(rig.bia.received()[0].body["components"])
    (shown,) = map(obj, arr(obj(part)["parameters"]))
    media = obj(shown[header.lower()])
    assert shown["type"] == header.lower()
    assert rig.graph.world.media[str(media["id"])].body == BODIES[what]


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("VIDEO", "png", "whatsapp_template_file"),
        ("IMAGE", "pdf", "whatsapp_template_file"),
        ("IMAGE", f"file:{'0' * 32}:gone.png", "file_gone"),
    ],
)
async def test_a_file_that_does_not_fit_the_header_is_refused_and_nothing_is_sent(
    rig: Rig, header: str, value: str, code: str
) -> None:
    if value in BODIES:
        value = file_value(rig.files.add(BODIES[value], "a"))
    rig.graph.template(rig.number, "map", {"type": "HEADER", "format": header}, body("Here"))
    await rig.channel.sync_templates()
    use = TemplateUse(name="map", language="pt_BR", variables=(value,))
    content = Content(text=plain("Here"), template=use)

    with pytest.raises(DeliveryRejected) as refused:
        await rig.channel.send(rig.customer, rig.call(content=content))

    assert refused.value.code == code
    assert rig.bia.received() == []


async def test_a_form_is_told_what_each_variable_takes(rig: Rig) -> None:
    track: JsonObject = {"type": "URL", "text": "Track", "url": "https://a.example/{{1}}"}
    buttons: JsonObject = {"type": "BUTTONS", "buttons": [track]}
    rig.graph.template(rig.number, "map", HEADERS["location"][0], body("{{1}}"), buttons)

    await rig.channel.sync_templates()

    offered = rig.core.of(TemplatesSynced)[-1].templates[0]
    assert offered.special == (
        Variable(name="header_location", takes=Takes.PLACE),
        Variable(name="button_1", takes=Takes.LINK_END, about="Track"),
    )


@pytest.mark.parametrize(
    ("parts", "values"),
    [
        ([body("{{1}}")], ()),
        ([body("{{1}}")], ("a", "b")),
        ([body("{{1}}")], (" \n",)),
        ([HEADERS["image"][0]], ("http://a.example/a.png",)),
        ([HEADERS["image"][0]], ("javascript:alert(1)",)),
        ([HEADERS["location"][0]], ("here",)),
        ([HEADERS["location"][0]], ("91, 0",)),
        ([HEADERS["location"][0]], ("nan, nan",)),
    ],
)
def test_values_that_do_not_fit_are_refused_before_graph_is_asked(
    parts: list[JsonObject], values: tuple[str, ...]
) -> None:
    listed = {"name": "x", "language": "en", "status": "APPROVED", "components": parts}

    with pytest.raises(DeliveryRejected) as refused:
        payload(read(msgspec.convert(listed, Listed)), values)

    assert refused.value.code == "whatsapp_template_value"


@given(st.text(min_size=1, max_size=60))
def test_a_value_is_a_value_whatever_it_looks_like(value: str) -> None:
    listed = {"name": "x", "language": "en", "status": "APPROVED", "components": [body("{{1}}")]}
    template = read(msgspec.convert(listed, Listed))
    if not value.split():
        return

    made = payload(template, [value])

    said = made["components"][0]["parameters"][0]["text"]  # type: ignore[index]  # JSON
    assert said == " ".join(value.split())


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([body("x")], "REJECTED"),
        ([body("x")], "PAUSED"),
        ([{"type": "CAROUSEL"}], "APPROVED"),
        ([body("x"), {"type": "BUTTONS", "buttons": [{"type": "FLOW"}]}], "APPROVED"),
        ([body("x"), {"type": "BUTTONS", "buttons": [{"type": "OTP"}]}], "APPROVED"),
    ],
)
def test_what_cannot_be_sent_is_not_offered(parts: list[JsonObject], status: str) -> None:
    listed = {"name": "x", "language": "en", "status": status, "components": parts}

    assert not read(msgspec.convert(listed, Listed)).offered().approved


# --- kept as Meta has them --------------------------------------------------------------------


async def test_every_page_is_read(rig: Rig) -> None:
    for number in range(230):
        rig.graph.template(rig.number, f"t{number}", body("x"))

    await rig.channel.sync_templates()

    names = [each.name for each in rig.core.of(TemplatesSynced)[-1].templates]
    assert sorted(names) == sorted(f"t{number}" for number in range(230))


async def test_a_change_that_meta_tells_of_is_read_at_once(rig: Rig) -> None:
    template = rig.graph.template(rig.number, "hello", body("Oi"), status="PENDING")
    await rig.core.until(lambda core: bool(core.of(TemplatesSynced)))

    rig.graph.judge(rig.number, template, "APPROVED")

    await rig.core.until(
        lambda core: any(each.approved for each in core.of(TemplatesSynced)[-1].templates)
    )


async def test_a_list_that_could_not_be_read_leaves_the_old_one(rig: Rig) -> None:
    rig.graph.template(rig.number, "hello", body("Oi"))
    await rig.channel.sync_templates()
    rig.graph.fault(Fault(route="GET message_templates", kind="error", code=131000, times=None))

    with pytest.raises(Exception, match="131000"):
        await rig.channel.sync_templates()
    use = TemplateUse(name="hello", language="pt_BR")
    content = Content(text=plain("Oi"), template=use)
    await rig.channel.send(rig.customer, rig.call(content=content))

    assert len(rig.bia.received()) == 1


async def test_the_templates_are_there_after_a_restart_even_without_graph(rig: Rig) -> None:
    rig.graph.template(rig.number, "hello", body("Oi"))
    await rig.channel.sync_templates()
    await rig.channel.stop()
    rig.graph.fault(Fault(route="GET message_templates", kind="drop", times=None))

    await rig.channel.start(rig.core)
    use = TemplateUse(name="hello", language="pt_BR")
    content = Content(text=plain("Oi"), template=use)
    await rig.channel.send(rig.customer, rig.call(content=content))

    assert rig.bia.received()[0].body["shown"] == "Oi"


async def test_a_process_that_comes_to_lead_knows_what_the_one_before_it_has_read(
    rig: Rig,
) -> None:
    leading = asyncio.Event()
    context = replace(context_of(rig.store, rig.files, rig.clock, rig.http), leading=leading)
    other = WhatsApp(settings_for(rig.graph, rig.number), context)
    await other.start(rig.core)
    rig.graph.template(rig.number, "hello", body("Oi"))
    await rig.channel.sync_templates()
    rig.graph.fault(Fault(route="GET message_templates", kind="drop", times=None))
    await rig.open_window()
    use = TemplateUse(name="hello", language="pt_BR")
    content = Content(text=plain("Oi"), template=use)

    async def sent_as() -> str:
        """A template that it does not know is the desk's own, and text."""
        await other.send(rig.customer, rig.call(content=content))
        return rig.bia.received()[-1].type

    before = await sent_as()
    leading.set()
    await seen(sent_as, "template")

    await other.stop()
    assert before == "text"


async def test_a_template_of_the_desks_own_goes_as_its_text(rig: Rig) -> None:
    await rig.open_window()
    use = TemplateUse(name="ours", language="pt_BR", variables=("Bia",))

    content = Content(text=plain("Oi Bia"), template=use)
    await rig.channel.send(rig.customer, rig.call(content=content))

    assert [(one.type, one.body["body"]) for one in rig.bia.received()] == [("text", "Oi Bia")]


async def test_a_language_that_is_gone_is_refused_with_the_way_out(rig: Rig) -> None:
    rig.graph.template(rig.number, "hello", body("Hi"), language="en")
    await rig.channel.sync_templates()
    content = Content(text=plain("Oi"), template=TemplateUse(name="hello", language="pt_BR"))

    with pytest.raises(DeliveryRejected) as refused:
        await rig.channel.send(rig.customer, rig.call(content=content))

    assert refused.value.code == "whatsapp_template_gone"
