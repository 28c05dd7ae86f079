"""What a side cannot show becomes text, or the agent is told; nothing else is changed."""

import timeit

import pytest
from hypothesis import given

from bridge.domain.content import (
    Choice,
    ContactCard,
    Content,
    File,
    FileKind,
    Location,
    Quote,
    TemplateUse,
    text_content,
)
from bridge.domain.ids import FileId, MessageId
from bridge.domain.text import (
    BlockQuote,
    Bold,
    Link,
    Paragraph,
    Plain,
    plain,
)
from bridge.locales import LANGUAGES, catalogue, say
from bridge.ports.capabilities import ChannelCapabilities, Support, WorkspaceCapabilities
from bridge.ports.fit import CAPTION, fit
from tests.unit.contents import channels, contents, leaves, workspaces

CHANNEL = ChannelCapabilities()
WORKSPACE = WorkspaceCapabilities()
PLAIN_CHANNEL = ChannelCapabilities(
    formatting=False, quotes=Support.TEXT, choices=Support.TEXT, max_text=200
)
POOR_CHANNEL = ChannelCapabilities(
    file_kinds=frozenset(),
    quotes=Support.NONE,
    choices=Support.NONE,
    location=Support.NONE,
    contact_card=Support.NONE,
    templates=Support.NONE,
)
PLACE = Location(latitude=-23.5505, longitude=-46.6333, name="Café", address="Rua A, 12")
CHOICES = (Choice(id="sales", label="Vendas"), Choice(id="help", label="Suporte"))
QUOTE = Quote(message=MessageId(7), author="Ana", excerpt="Which colour?")


def file(kind: FileKind = FileKind.IMAGE, size: int = 10, name: str = "a.bin") -> File:
    return File(id=FileId("0" * 32), kind=kind, mime="x/y", size=size, name=name)


def words(content: Content, side: ChannelCapabilities | WorkspaceCapabilities) -> list[str]:
    return [part.words() for part in fit(content, side, "en").parts]


# --- for any content and any side ---------------------------------------------------------------


@given(contents, channels | workspaces)
def test_no_part_has_more_text_than_the_side_takes(
    content: Content, side: ChannelCapabilities | WorkspaceCapabilities
) -> None:
    parts = fit(content, side, "en").parts

    assert all(len(part.words()) <= side.max_text for part in parts if part.template is None)


@given(contents, channels | workspaces)
def test_what_fits_is_not_changed_again(
    content: Content, side: ChannelCapabilities | WorkspaceCapabilities
) -> None:
    parts = fit(content, side, "en").parts

    assert [fit(part, side, "en").parts for part in parts] == [(part,) for part in parts]
    assert [fit(part, side, "en").lost for part in parts] == [()] * len(parts)


@given(contents, channels)
def test_every_file_crosses_once_and_in_order_or_the_agent_is_told(
    content: Content, side: ChannelCapabilities
) -> None:
    fitted = fit(content, side, "en")
    crossed = [each for part in fitted.parts for each in part.files]

    names = [each.name for each in content.files]
    missing = len(content.files) - len(crossed)
    assert [each.name for each in crossed] == names or missing
    assert all(len(part.files) <= 1 for part in fitted.parts if part.template is None)
    assert not missing or any("file" in key or "template" in key for key in fitted.lost)


@given(contents, channels | workspaces)
def test_every_loss_has_words_in_both_languages(
    content: Content, side: ChannelCapabilities | WorkspaceCapabilities
) -> None:
    lost = fit(content, side, "pt_BR").lost

    assert len(set(lost)) == len(lost)
    assert all(key in catalogue(language) for key in lost for language in LANGUAGES)


@given(contents, workspaces)
def test_the_parts_have_all_the_words_in_order(
    content: Content, side: WorkspaceCapabilities
) -> None:
    parts = fit(content, side, "en").parts

    assert leaves(content.text) in "".join(leaves(part.text) for part in parts)


# --- text ---------------------------------------------------------------------------------------


def test_a_short_plain_text_is_given_back_itself() -> None:
    content = text_content("Olá!")

    assert fit(content, CHANNEL, "en").parts[0] is content


def test_a_short_plain_text_costs_next_to_nothing() -> None:
    content = text_content("Olá, preciso de ajuda com um pedido.")

    runs = timeit.repeat(lambda: fit(content, CHANNEL, "en"), number=1_000, repeat=50)

    assert min(runs) / 1_000 < 1e-6


def test_long_text_is_cut_between_words() -> None:
    text = " ".join(f"word{number}" for number in range(500))

    parts = fit(text_content(text), PLAIN_CHANNEL, "en").parts

    assert " ".join(part.words() for part in parts) == text


def test_formatting_becomes_plain_where_it_is_not_shown() -> None:
    link = Link(url="https://example.org", spans=(Plain(text="rules"),))
    spans = (Bold(spans=(Plain(text="Read"),)), Plain(text=" the "), link)

    parts = fit(Content(text=(Paragraph(spans=spans),)), PLAIN_CHANNEL, "en").parts

    assert parts == (text_content("Read the rules (https://example.org)"),)


# --- files --------------------------------------------------------------------------------------


def test_a_short_text_goes_with_the_first_file_and_others_follow() -> None:
    one, two = file(name="one.png"), file(name="two.png")

    parts = fit(Content(text=plain("Look"), files=(one, two)), CHANNEL, "en").parts

    assert parts == (Content(text=plain("Look"), files=(one,)), Content(files=(two,)))


@pytest.mark.parametrize("kind", [FileKind.STICKER, FileKind.VOICE, FileKind.AUDIO])
def test_a_text_goes_before_a_file_that_bears_none(kind: FileKind) -> None:
    sound = file(kind)

    parts = fit(Content(text=plain("Listen"), files=(sound,)), CHANNEL, "en").parts

    assert parts == (Content(text=plain("Listen")), Content(files=(sound,)))


def test_a_text_too_long_for_a_caption_goes_before_the_file() -> None:
    text, picture = plain("x" * (CAPTION + 1)), file()

    parts = fit(Content(text=text, files=(picture,)), CHANNEL, "en").parts

    assert parts == (Content(text=text), Content(files=(picture,)))


def test_a_kind_that_is_not_taken_goes_as_one_that_is() -> None:
    side = ChannelCapabilities(file_kinds=frozenset({FileKind.IMAGE, FileKind.DOCUMENT}))
    sent = (file(FileKind.STICKER), file(FileKind.VOICE), file(FileKind.VIDEO))

    fitted = fit(Content(files=sent), side, "en")

    assert [part.files[0].kind.value for part in fitted.parts] == ["image", "document", "document"]
    assert fitted.lost == ()


def test_a_file_too_large_for_a_channel_is_told_and_the_rest_goes() -> None:
    large = file(size=CHANNEL.max_file + 1)

    fitted = fit(Content(text=plain("Look"), files=(large, large)), CHANNEL, "en")

    assert fitted.parts == (text_content("Look"),)
    assert fitted.lost == ("fit.lost.file_too_large",)


def test_a_file_of_no_kind_that_a_channel_takes_is_told() -> None:
    fitted = fit(Content(files=(file(),)), POOR_CHANNEL, "en")

    assert fitted.parts == ()
    assert fitted.lost == ("fit.lost.file_kind",)


def test_a_file_too_large_for_a_workspace_leaves_a_line_in_the_thread() -> None:
    large = file(size=120 * 1024 * 1024, name="festa.mp4")

    fitted = fit(Content(files=(large,)), WORKSPACE, "pt_BR")

    shown = "[festa.mp4 (120 MB) é grande demais para ser mostrado aqui]"
    assert fitted.parts == (text_content(shown),)
    assert fitted.lost == ("fit.lost.file_too_large",)


# --- quotes -------------------------------------------------------------------------------------


def test_a_quote_stays_where_it_is_shown() -> None:
    content = Content(text=plain("Blue"), quote=QUOTE)

    assert fit(content, CHANNEL, "en").parts == (content,)


def test_a_quote_becomes_text_where_it_is_not_shown() -> None:
    content = Content(text=plain("Blue"), quote=QUOTE)

    assert words(content, PLAIN_CHANNEL) == ["> Ana: Which colour?\nBlue"]


def test_a_quote_of_a_message_we_never_saw_becomes_text_everywhere() -> None:
    content = Content(text=plain("Blue"), quote=Quote(message=None, author="", excerpt=""))

    parts = fit(content, CHANNEL, "en").parts

    quoted = BlockQuote(blocks=plain(say("en", "fit.earlier")))
    assert parts == (Content(text=(quoted, *plain("Blue"))),)


def test_a_quote_answers_with_the_first_part_only() -> None:
    side = ChannelCapabilities(max_text=10)

    parts = fit(Content(text=plain("one two three four"), quote=QUOTE), side, "en").parts

    assert [part.quote for part in parts] == [QUOTE, None]


# --- choices ------------------------------------------------------------------------------------


def test_choices_become_a_numbered_list_in_the_readers_language() -> None:
    content = Content(text=plain("Como podemos ajudar?"), choices=CHOICES)

    parts = fit(content, PLAIN_CHANNEL, "pt_BR").parts

    expected = "Como podemos ajudar?\n1. Vendas\n2. Suporte\nResponda com um número."
    assert parts == (text_content(expected),)


def test_more_choices_than_buttons_become_a_numbered_list() -> None:
    content = Content(text=plain("Which?"), choices=CHOICES)

    assert words(content, ChannelCapabilities(max_choices=1)) == [
        "Which?\n1. Vendas\n2. Suporte\nAnswer with a number."
    ]


def test_buttons_never_stand_without_words() -> None:
    parts = fit(Content(files=(file(),), choices=CHOICES), CHANNEL, "en").parts

    assert parts[1] == Content(text=plain("Please choose:"), choices=CHOICES)


def test_an_agent_is_not_asked_to_answer_with_a_number() -> None:
    content = Content(text=plain("Which?"), choices=CHOICES)

    assert words(content, WORKSPACE) == ["Which?\n1. Vendas\n2. Suporte"]


def test_buttons_stand_below_the_last_words() -> None:
    side = ChannelCapabilities(max_text=10)
    content = Content(text=plain("one two three four"), files=(file(),), choices=CHOICES)

    parts = fit(content, side, "en").parts

    assert [(part.words(), len(part.files), len(part.choices)) for part in parts] == [
        ("", 1, 0),
        ("one two", 0, 0),
        ("three four", 0, 2),
    ]


def test_a_pressed_button_without_words_says_what_was_chosen() -> None:
    content = Content(chosen="sales")

    assert fit(content, WORKSPACE, "en").parts == (Content(text=plain("sales"), chosen="sales"),)


# --- places, people, templates ------------------------------------------------------------------


def test_a_place_becomes_a_link_to_a_map() -> None:
    assert words(Content(location=PLACE), CHANNEL) == [
        "Location: Café, Rua A, 12 "
        "(https://www.google.com/maps/search/?api=1&query=-23.550500%2C-46.633300)"
    ]


def test_a_contact_becomes_lines() -> None:
    card = ContactCard(name="Bia", phones=("+55 11 91234-5678",), emails=("bia@example.org",))

    assert words(Content(contact_card=card), WORKSPACE) == [
        "Contact: Bia\n+55 11 91234-5678\nbia@example.org"
    ]


def test_what_shares_a_message_with_no_text_gets_its_own() -> None:
    side = ChannelCapabilities(location=Support.NATIVE)

    parts = fit(Content(text=plain("Here"), location=PLACE), side, "en").parts

    assert parts == (text_content("Here"), Content(location=PLACE))


def test_a_providers_template_goes_as_it_is() -> None:
    side = ChannelCapabilities(templates=Support.NATIVE, max_text=3)
    content = Content(text=plain("Hello Bia"), template=TemplateUse(name="hi", language="en"))

    assert fit(content, side, "en").parts == (content,)


def test_a_template_is_its_text_where_there_are_none() -> None:
    content = Content(text=plain("Hello Bia"), template=TemplateUse(name="hi", language="en"))

    assert fit(content, WORKSPACE, "en").parts == (text_content("Hello Bia"),)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (Content(text=plain("x"), quote=QUOTE), "quote"),
        (Content(text=plain("x"), choices=CHOICES), "choices"),
        (Content(location=PLACE), "location"),
        (Content(contact_card=ContactCard(name="Bia")), "contact_card"),
        (Content(template=TemplateUse(name="hi", language="en")), "template"),
    ],
    ids=["quote", "choices", "location", "contact card", "template"],
)
def test_what_cannot_cross_at_all_is_told(content: Content, key: str) -> None:
    assert fit(content, POOR_CHANNEL, "en").lost == (f"fit.lost.{key}",)
