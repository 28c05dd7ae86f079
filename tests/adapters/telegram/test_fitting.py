"""A long text is cut as Telegram counts, and no word of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.channels.telegram.capabilities import MAX_TEXT, capabilities
from bridge.adapters.channels.telegram.marks import units
from bridge.adapters.channels.telegram.rendering import render
from bridge.domain.content import Content, File, FileKind, text_content
from bridge.domain.ids import FileId
from bridge.domain.text import Bold, Paragraph, Plain, plain
from bridge.ports.fit import CAPTION, fit
from bridge.ports.markdown import parse

PICTURE = File(id=FileId("f"), kind=FileKind.IMAGE, mime="image/jpeg", size=9, name="a.jpg")
_words = st.lists(st.sampled_from(["👍🏽", "ação", "a", "🇧🇷", "**bold**", "\n\n"]), max_size=2_500)


@given(_words)
def test_every_piece_fits_and_together_they_are_the_text(words: list[str]) -> None:
    text = parse(" ".join(words))

    parts = fit(Content(text=text), capabilities(), "en").parts

    pieces = [render(part.text) for part in parts]
    assert all(units(piece.text) <= MAX_TEXT for piece in pieces)
    assert _bare("".join(piece.text for piece in pieces)) == _bare(render(text).text)


def _bare(text: str) -> str:
    return "".join(text.split())


def test_fitting_a_piece_again_changes_nothing() -> None:
    parts = fit(text_content("👍 " * 4_000), capabilities(), "en").parts

    assert len(parts) > 2
    assert all(fit(part, capabilities(), "en").parts == (part,) for part in parts)


def test_a_text_that_fits_is_not_cut() -> None:
    longest = text_content("👍" * (MAX_TEXT // 2))

    assert fit(longest, capabilities(), "en").parts == (longest,)


def test_formatting_goes_on_in_the_next_piece() -> None:
    bold = (Paragraph(spans=(Bold(spans=(Plain(text="👍 " * 3_000),)),)),)

    pieces = [render(part.text) for part in fit(Content(text=bold), capabilities(), "en").parts]

    assert all([each.type for each in piece.entities] == ["bold"] for piece in pieces)


def test_words_go_below_a_picture_only_if_telegram_takes_them_there() -> None:
    short = Content(text=plain("👍" * (CAPTION // 2)), files=(PICTURE,))
    long = Content(text=plain("👍" * (CAPTION // 2 + 1)), files=(PICTURE,))

    assert fit(short, capabilities(), "en").parts == (short,)
    assert [bool(part.files) for part in fit(long, capabilities(), "en").parts] == [False, True]
