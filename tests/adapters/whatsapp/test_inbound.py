"""Every webhook becomes what it says: nothing is dropped, nothing is made up."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.channels.whatsapp.content import Wanted
from bridge.adapters.channels.whatsapp.inbound import (
    Found,
    Happened,
    Reader,
    TemplatesMoved,
    Unknown,
)
from bridge.adapters.channels.whatsapp.wire import Status
from bridge.domain.contact import Refuses
from bridge.domain.content import ContactCard, Content, FileKind, Location
from bridge.domain.ids import Address, ChannelId, ExternalId, Instant, SourceKey
from bridge.domain.text import BlockQuote, plain
from bridge.ports.channel import (
    AddressChanged,
    HumanEchoed,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Reacted,
    WishesChanged,
)
from tests.adapters.whatsapp.payloads import META, NUMBER, OURS, body

WA = ChannelId("wa")
SHEENA, BIA = Address("+16505551234"), Address("+5511912345678")
BIAS_OTHERS = (Address("BR.1502576394655843"), Address("+551112345678"))


def read(hook: object) -> list[Found]:
    return list(Reader(WA, NUMBER, "en").read(body(hook)))


def only(hook: object) -> Happened:
    (found,) = read(hook)
    assert isinstance(found, Happened)
    return found


def said(id_: str, at: int, content: Content, *, quoted: str = "") -> MessageReceived:
    """What Sheena wrote."""
    return MessageReceived(
        channel=WA,
        address=SHEENA,
        external_id=ExternalId(id_),
        content=content,
        source=(SourceKey(f"message:{id_}"),),
        name="Sheena Nelson",
        at=Instant(at * 1_000),
        quoted=ExternalId(quoted) if quoted else None,
    )


def text(words: str, chosen: str | None = None) -> Content:
    return Content(text=plain(words), chosen=chosen)


_A, _B = "wamid.HBgLMTY1MDM4Nzk0MzkVAgAS", "wamid.HBgLMTY1MDM4Nzk0MzkVAgAR"
FIRST = f"{_A}GBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA="
AD = (
    "Came from an advertisement: Chat with us · Summer Succulents are here! · "
    "https://fb.me/3cr4Wqqkv"
)
EXPECTED = {
    "Text Message": said(FIRST, 1749416383, text("Does it come in another color?")),
    "Text Message with Context (Product Inquiry)": said(
        f"{_A}GBQzQTA2NTUwRkNEMDdFQjJCRUU0NQA=",
        1750016800,
        Content(
            text=(
                BlockQuote(blocks=plain("About the product di9ozbzfi4")),
                *plain("Is this still available?"),
            )
        ),
        quoted=f"{_B}GA9wcm9kdWN0X2lucXVpcnkA",
    ),
    "Text Message from Click to WhatsApp Ad": said(
        f"{_A}GBQzQUQ0N0VFMDA2MTQ0RkJFNkNDNAA=",
        1750275992,
        Content(text=(BlockQuote(blocks=plain(AD)), *plain("Hello! Can I get more info on this?"))),
    ),
    "Reaction Message": Reacted(
        channel=WA,
        source=(SourceKey(f"message:{FIRST}"),),
        address=SHEENA,
        external_id=ExternalId(f"{_B}GBI0RTJEOTc2ODVERUY5RDlGNkYA"),
        emoji="👍",
    ),
    "Image Message": said(FIRST, 1744344496, text("Taj Mahal")),
    "Location Message": said(
        f"{_A}GBQzQTU2MjZEMDBGRkE3MENEMDE0RQA=",
        1744344496,
        Content(
            location=Location(
                latitude=37.44221496582,
                longitude=-122.16165924072,
                name="Philz Coffee",
                address="101 Forest Ave, Palo Alto, CA 94301",
            )
        ),
    ),
    "Contact Sharing Message": said(
        FIRST,
        1744344496,
        Content(contact_card=ContactCard(name="Lucía Gómez", phones=("+1 (983) 555-2319",))),
    ),
    "Unsupported Message": said(
        "wamid.HBgLMTQyMDU1NTA3NDkVAgASGBI5N0MwRjg0RTVBNUI1RDA2OTkA",
        1750090702,
        text("[The customer sent something empty (unsupported)]"),
    ),
    "Button Message": said(
        f"{_A}GBQzQUU0M0MxQzQzMUJCMTMwNUZFOQA=",
        1750091045,
        text("Unsubscribe", "Unsubscribe"),
        quoted=f"{_B}GBJFNjk2OTMwNEZCQjhGMzUyQUYA",
    ),
    "Interactive List Reply Message": said(
        f"{_A}GBQzQUJDQ0NDM0FEODY4ODkzOTc5RgA=",
        1749854575,
        text("Priority Mail Express", "priority_express"),
        quoted=f"{_B}GBJGMzEyNzhENTZDMzNGODlDRDgA",
    ),
    "Interactive Button Reply Message": said(
        f"{_A}GBQzQTZBQzg0MzQ4QjRCM0NGNkVGOAA=",
        1750025136,
        text("Cancel", "cancel-button"),
        quoted=f"{_B}GBI3MEM2RUJFNkI0RENGQTVDRjUA",
    ),
    "Order Message": said(
        f"{_A}GBQzQTEyQjFGNzI1QTQxMjI5QTMyOQA=",
        1750096325,
        text("An order:\n2 × di9ozbzfi4 (30 USD)\n1 × nqryix03ez (25 USD)"),
    ),
    "System Message": AddressChanged(
        channel=WA,
        source=(SourceKey("message:wamid.HBgLMTk4MzU1NTE5NzQVAgASGAoxMTgyMDg2MjY3AA=="),),
        address=SHEENA,
        new=Address("+12195555358"),
    ),
}
KEPT = {
    "Group Create Message": "group_lifecycle_update",
    "Group Settings Update": "group_settings_update",
    "Group Remove Participants": "group_participants_update",
}


def test_every_example_of_metas_is_expected_here() -> None:
    assert set(EXPECTED) | set(KEPT) == set(META)


@pytest.mark.parametrize("name", EXPECTED)
def test_metas_example_becomes_its_event(name: str) -> None:
    assert only(META[name]).event == EXPECTED[name]


@pytest.mark.parametrize("name", KEPT)
def test_what_is_not_about_a_customer_is_kept_as_it_came(name: str) -> None:
    (found,) = read(META[name])

    assert isinstance(found, Unknown)
    assert found.kind == KEPT[name]
    value = META[name]["entry"][0]["changes"][0]["value"]
    assert msgspec.json.decode(found.body) == value


@pytest.mark.parametrize(
    ("hook", "wanted", "words"),
    [
        (
            META["Image Message"],
            Wanted(id="1003383421387256", kind=FileKind.IMAGE, name="image.jpg"),
            "Taj Mahal",
        ),
        (OURS["voice"], Wanted(id="7001", kind=FileKind.VOICE, name="voice.ogg"), ""),
        (
            OURS["document"],
            Wanted(id="7002", kind=FileKind.DOCUMENT, name="pedido.pdf"),
            "O pedido",
        ),
        (OURS["sticker"], Wanted(id="7003", kind=FileKind.STICKER, name="sticker.webp"), ""),
        (OURS["video"], Wanted(id="7004", kind=FileKind.VIDEO, name="video.mp4"), "Veja"),
    ],
    ids=["image", "voice", "document", "sticker", "video"],
)
def test_a_file_is_named_with_its_caption(hook: object, wanted: Wanted, words: str) -> None:
    found = only(hook)

    assert found.file == wanted
    assert isinstance(found.event, MessageReceived)
    assert found.event.content.words() == words


def test_a_customer_has_every_name_that_is_told() -> None:
    event = only(OURS["voice"]).event

    assert isinstance(event, MessageReceived)
    assert (event.address, event.also) == (BIA, BIAS_OTHERS)


def test_a_customer_without_a_number_is_known_by_his_user_id() -> None:
    event = only(OURS["no phone number"]).event

    assert isinstance(event, MessageReceived)
    assert (event.address, event.also) == (BIAS_OTHERS[0], ())
    assert event.content.words() == "sem número"


def test_an_old_brazilian_id_is_also_its_number_with_the_ninth_digit() -> None:
    event = only(OURS["old Brazilian id"]).event

    assert isinstance(event, MessageReceived)
    assert (event.address, event.also) == ("+551187654321", ("+5511987654321",))


def test_an_edit_and_a_revocation_are_about_the_first_message() -> None:
    edit, revoke = only(OURS["edit"]).event, only(OURS["revoke"]).event

    assert isinstance(edit, MessageEdited)
    assert isinstance(revoke, MessageDeleted)
    assert (edit.external_id, revoke.external_id) == ("wamid.first", "wamid.first")
    assert edit.content == text("agora sim")


def test_a_file_stays_with_a_caption_that_was_changed() -> None:
    found = only(OURS["edited caption"])

    assert isinstance(found.event, MessageEdited)
    assert found.event.content.words() == "outra legenda"
    assert found.file == Wanted(id="7005", kind=FileKind.IMAGE, name="image.jpg")


def test_a_reaction_without_an_emoji_was_taken_back() -> None:
    event = only(OURS["reaction taken back"]).event

    assert isinstance(event, Reacted)
    assert event.removed


def test_what_was_filled_in_in_a_flow_is_shown() -> None:
    event = only(OURS["flow"]).event

    assert isinstance(event, MessageReceived)
    assert event.content.words() == 'Sent\n{"size":"M"}'


def test_several_cards_lose_none() -> None:
    event = only(OURS["two cards"]).event

    assert isinstance(event, MessageReceived)
    card = ContactCard(name="Ana", phones=("+55 11 1",), emails=("ana@example.org",))
    assert event.content == Content(text=plain("Rui, 5511222"), contact_card=card)


def test_a_kind_that_we_do_not_know_is_kept_and_still_a_line() -> None:
    kept, line = read(OURS["unknown kind"])

    assert isinstance(kept, Unknown)
    assert kept.kind == "hologram"
    assert isinstance(line, Happened)
    assert isinstance(line.event, MessageReceived)
    assert "hologram" in line.event.content.words()


def test_an_answer_on_the_businesss_telephone_is_an_echo() -> None:
    event = only(OURS["echo"]).event

    assert isinstance(event, HumanEchoed)
    assert (event.address, event.content.words()) == (BIA, "Já resolvi")


@pytest.mark.parametrize(
    ("name", "refuses"),
    [("no marketing", Refuses.MARKETING), ("marketing again", Refuses.NOTHING)],
)
def test_who_stops_marketing_says_what_he_refuses(name: str, refuses: Refuses) -> None:
    happened = only(OURS[name])

    assert isinstance(happened.event, WishesChanged)
    assert (happened.event.address, happened.event.refuses) == (BIA, refuses)
    assert happened.whom == BIA


def test_a_preference_that_we_do_not_know_is_kept() -> None:
    (found,) = read(OURS["a preference of 2030"])

    assert isinstance(found, Unknown)
    assert found.kind == "preference"


def test_a_batch_is_read_whole_and_in_order() -> None:
    found = read(OURS["batch"])

    words = [
        each.event.content.words()
        for each in found
        if isinstance(each, Happened) and isinstance(each.event, MessageReceived)
    ]
    assert words == ["um", "dois", "três", "quatro"]
    assert [each.status for each in found if isinstance(each, Status)] == ["read"]


def test_one_that_cannot_be_read_spoils_no_other() -> None:
    found = read(OURS["one that cannot be read"])

    assert sorted(each.kind for each in found if isinstance(each, Unknown)) == ["message", "status"]
    assert [type(each) for each in found].count(Happened) == 1


def test_what_is_about_another_number_is_not_ours() -> None:
    (found,) = read(OURS["other number"])

    assert isinstance(found, Unknown)
    assert found.kind == "other_number"


def test_a_template_that_changed_is_noticed() -> None:
    assert read(OURS["template paused"]) == [TemplatesMoved()]


@given(st.binary(max_size=300))
def test_bytes_that_mean_nothing_are_kept(rubbish: bytes) -> None:
    found = list(Reader(WA, NUMBER, "en").read(rubbish))

    assert all(isinstance(each, Unknown) for each in found)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("id", "type", "text", "body", "image", "contacts", "from", "x")), inner
        )
    ),
    max_leaves=15,
)


@given(_json)
def test_whatever_stands_where_a_message_should_it_is_read_or_kept(message: object) -> None:
    value = {"metadata": {"phone_number_id": NUMBER}, "messages": [message]}
    hook = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}

    assert read(hook)
