"""Only plain prose is a reply; in doubt a text stays inside."""

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.commands.registry import COMMANDS
from bridge.commands.reply import Note, Reply, Typed, Unknown, classify_reply

ZERO_WIDTH = "\u200b"
INVISIBLE = ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u3164", "\U000e0020"]
SPACES = ["", " ", "\n", "\t", "\u00a0", "\u3000", "\u2003", " \n "]
WORDS = [word for command in COMMANDS if command.typed for word in (command.name, *command.aliases)]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("// call him tomorrow", "call him tomorrow"),
        ("//call him", "call him"),
        ("/// x", "x"),
        ("note: x", "x"),
        ("NOTE: x", "x"),
        ("Note : x", "x"),
        ("nota: x", "x"),
        ("Notas: x", "x"),
        ("nóta: x", "x"),
        ("note:x", "x"),
        ("note：x", "x"),
        ("ＮＯＴＥ： x", "x"),
        ("／／ x", "x"),
        ("𝗻𝗼𝘁𝗲: x", "x"),
        ("∕∕ x", "x"),
        ("  \n\t note: x", "x"),
        (f"{ZERO_WIDTH}note: x", "x"),
        (f"n{ZERO_WIDTH}o{ZERO_WIDTH}te{ZERO_WIDTH}: x", "x"),
        ("/\u2060/ x", "x"),
        ("*note:* x", "x"),
        ("**Note**: x", "x"),
        ("_nota:_ x", "x"),
        ("`// x`", "x`"),
        ("> note: x", "x"),
        ("- nota: x", "x"),
        ("# Note: x", "x"),
        ("[note] x", "x"),
        ("(nota: x)", "x)"),
        ("📝 note: x", "x"),
        ("internal note: x", "x"),
        ("Nota interna: x", "x"),
        ("note to self: x", "x"),
        ("note: ", ""),
        ("//", ""),
        ("note: first\nsecond", "first\nsecond"),
    ],
)
def test_any_spelling_of_a_note_prefix_is_a_note(text: str, note: str) -> None:
    assert classify_reply(text) == Note(text=note)


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("!take", "take", ""),
        ("/take #12", "take", "#12"),
        ("  /take", "take", ""),
        (f"{ZERO_WIDTH}!transfer @ana she knows", "transfer", "@ana she knows"),
        ("！take", "take", ""),
        ("／Take", "take", ""),
        ("!Return-To-Bot done", "return-to-bot", "done"),
        ("!chamado new problem x", "ticket", "new problem x"),
        ("/disponível off", "available", "off"),
        ("!note: ask him", "note", "ask him"),
        ("/e\u0301vents", "events", ""),
        ("/take\n#12", "take", "#12"),
        ("/take\u00a0#12", "take", "#12"),
        ("/note first\nsecond", "note", "first\nsecond"),
    ],
)
def test_a_typed_command_is_a_command(text: str, command: str, rest: str) -> None:
    assert classify_reply(text) == Typed(command=command, rest=rest)


@pytest.mark.parametrize(
    ("text", "typed", "nearest"),
    [
        ("/tkae", "/tkae", "take"),
        ("!transfr @ana", "!transfr", "transfer"),
        ("/xyzzy", "/xyzzy", "help"),
        ("!important", "!important", "help"),
        ("!!take", "!take", "take"),
        ("/ take", "/take", "take"),
        ("> /take", "/take", "take"),
        ("`!take`", "!take", "take"),
        ("**/take**", "/take", "take"),
        ("/take/now", "/take", "take"),
        ("!take/now", "!take", "take"),
        ("!yes/no", "!yes", "help"),
        ("!retry", "!retry", "return-to-bot"),
        ("/send-anyway", "/send-anyway", "help"),
    ],
)
def test_what_only_looks_like_a_command_stays_inside(text: str, typed: str, nearest: str) -> None:
    assert classify_reply(text) == Unknown(sign=typed[0], word=typed[1:], nearest=nearest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello!",
        "and/or",
        "either/or, as you like",
        "https://example.com/take",
        "/orders/1042",
        "/5 minutes",
        "/",
        "/ ",
        "! Attention, please",
        "10/11 at noon",
        "Nota fiscal 1042 attached",
        "Note that we close at six",
        "Notebook: 15 inches",
        "I made a note: you are right",
        "Oi! Tudo bem?",
        "¡Hola!",
        ":/ sorry about that",
        "team, notes are fine",
        "1 // 2",
        "First line\n// second line",
    ],
)
def test_prose_is_a_reply(text: str) -> None:
    assert classify_reply(text) == Reply()


invisible = st.lists(st.sampled_from(INVISIBLE), max_size=3).map("".join)
spaces = st.lists(st.sampled_from(SPACES), max_size=3).map("".join)
prose = st.text(max_size=60)


@st.composite
def disguised(draw: st.DrawFn, word: str) -> str:
    """The word with its letters in any width and case and invisible characters anywhere."""
    letters = []
    for letter in word:
        wide = chr(ord(letter) + 0xFEE0) if letter in string.printable[:94] else letter
        letters.append(draw(st.sampled_from([letter, letter.upper(), wide])))
        letters.append(draw(invisible))
    return draw(spaces) + draw(invisible) + "".join(letters)


@given(st.sampled_from(["//", "note:", "nota:", "notas:", "notes:"]).flatmap(disguised), prose)
def test_no_disguise_makes_a_reply_of_a_note(prefix: str, rest: str) -> None:
    assert isinstance(classify_reply(prefix + rest), Note)


@given(
    st.sampled_from(["/", "!"]),
    st.one_of(st.sampled_from(WORDS), st.from_regex(r"[a-z]{1,20}", fullmatch=True)),
    st.data(),
    spaces,
)
def test_no_disguise_makes_a_reply_of_a_command(
    mark: str, word: str, data: st.DataObject, after: str
) -> None:
    text = data.draw(disguised(mark + word)) + after

    assert isinstance(classify_reply(text), Typed | Unknown)


@given(
    st.from_regex(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9][^\x00]*", fullmatch=True).filter(
        lambda text: not re.match(r"\W*(notes?|notas?|internal|private|team)\b", text, re.I)
    )
)
@example("naïve // note:")
@example("in /take we trust")
def test_prose_that_begins_with_an_ordinary_word_is_always_a_reply(text: str) -> None:
    assert classify_reply(text) == Reply()


@given(st.text())
def test_every_text_is_classified(text: str) -> None:
    assert isinstance(classify_reply(text), Reply | Note | Typed | Unknown)


def test_a_flood_of_invisible_characters_hides_nothing_and_costs_little() -> None:
    assert classify_reply(ZERO_WIDTH * 100_000 + "note: x") == Note(text="x")
