"""Everything a person reads is there in both languages, and nothing else is."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from bridge.commands.registry import COMMANDS
from bridge.domain.conversation import Priority, State
from bridge.domain.events import ActorKind, EventKind
from bridge.locales import LANGUAGES, best_language, catalogue, say

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "bridge" / "locales"
SOURCES = [
    path
    for path in (ROOT / "bridge").rglob("*")
    if path.suffix in (".py", ".html", ".js", ".css") and "vendor" not in path.parts
]

MOVES = ("done", "refused", "refuse")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def files_of(language: str) -> list[Path]:
    return sorted((LOCALES / language).glob("*.toml"))


def keys_of(path: Path) -> list[str]:
    def walk(prefix: str, tree: dict[str, object]) -> Iterator[str]:
        for key, value in tree.items():
            if isinstance(value, dict):
                yield from walk(f"{prefix}{key}.", value)
            else:
                yield prefix + key

    return list(walk("", tomllib.loads(path.read_text(encoding="utf-8"))))


def calls(*names: str) -> Iterator[tuple[Path, ast.Call]]:
    for path in SOURCES:
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _called(node) in names:
                    yield path.relative_to(ROOT), node


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def test_both_languages_have_the_same_files() -> None:
    first, *others = ([path.name for path in files_of(language)] for language in LANGUAGES)

    assert all(names == first for names in others)


def test_both_languages_have_the_same_keys() -> None:
    first, *others = (catalogue(language) for language in LANGUAGES)

    for texts in others:
        assert sorted(first.keys() ^ texts.keys()) == []


def test_both_languages_fill_in_the_same_names() -> None:
    first, *others = (catalogue(language) for language in LANGUAGES)

    differing = [
        key
        for texts in others
        for key in first.keys() & texts.keys()
        if placeholders(first[key]) != placeholders(texts[key]) and not key.endswith(".one")
    ]

    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_has_loose_ends(language: str) -> None:
    assert [key for key, text in catalogue(language).items() if text != text.strip()] == []
    assert [key for key, text in catalogue(language).items() if not text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_files_have_the_same_key(language: str) -> None:
    every = [key for path in files_of(language) for key in keys_of(path)]

    assert sorted({key for key in every if every.count(key) > 1}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_counted_has_both_forms(language: str) -> None:
    texts = catalogue(language)

    assert [key for key in texts if key.endswith(".one") and f"{key[:-4]}.other" not in texts] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_plain_names_are_filled_in(language: str) -> None:
    """`{agent.email}` or `{0}` in a catalogue would reach into values."""
    for key, text in catalogue(language).items():
        for _, name, formatting, conversion in Formatter().parse(text):
            assert name is None or (name.isidentifier() and not formatting and not conversion), key


def test_every_key_that_the_code_names_exists() -> None:
    texts = catalogue(LANGUAGES[0])

    unknown = {
        f"{path}: {argument.value}"
        for path, call in calls("say", "whisper", "system_line")
        for argument in call.args[:4]
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and re.fullmatch(r"[a-z_]+(\.[a-z_-]+)+", argument.value)
        and not {argument.value, f"{argument.value}.one"} & texts.keys()
    }

    assert sorted(unknown) == []


def test_every_key_that_the_code_builds_has_a_beginning_that_exists() -> None:
    texts = catalogue(LANGUAGES[0])

    unknown = {
        f"{path}: {beginning.value}"
        for path, call in calls("say", "whisper", "system_line")
        for argument in call.args[:4]
        if isinstance(argument, ast.JoinedStr)
        and isinstance(beginning := argument.values[0], ast.Constant)
        and isinstance(beginning.value, str)
        and "." in beginning.value
        and not any(key.startswith(beginning.value) for key in texts)
    }

    assert sorted(unknown) == []


def answers_given() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where each code of an outcome is given, and with which data (None: we cannot see)."""
    for package in ("commands", "engine"):
        for path in (ROOT / "bridge" / package).rglob("*.py"):
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef):
                    for code, call in _codes_in(function):
                        data = {keyword.arg for keyword in call.keywords if keyword.arg}
                        seen = all(keyword.arg for keyword in call.keywords)
                        yield f"{path.name}:{call.lineno}", code, data if seen else None


def _codes_in(function: ast.FunctionDef) -> Iterator[tuple[str, ast.Call]]:
    """The codes of a function's outcomes; one kept in a variable is looked up there."""
    variables = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and _called(call) in MOVES and call.args:
            given = call.args[0]
            if isinstance(given, ast.Name) and given.id in variables:
                given = variables[given.id]
            choices = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
            for choice in choices:
                if isinstance(choice, ast.Constant) and isinstance(choice.value, str):
                    yield choice.value, call


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_has_a_sentence_that_its_data_can_fill(language: str) -> None:
    texts = catalogue(language)

    broken = []
    for place, code, data in answers_given():
        forms = [
            text for key in ("", ".one", ".other") if (text := texts.get(f"answer.{code}{key}"))
        ]
        if not forms:
            broken.append(f"{place}: no sentence for {code}")
        elif data is not None and (lacking := set.union(*map(placeholders, forms)) - data):
            broken.append(f"{place}: {code} lacks {sorted(lacking)}")

    assert broken == []


def test_no_sentence_is_left_over() -> None:
    """Every key of the commands is named in the code, whole or by its last part."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    named = set(re.findall(r"[\"'](?:button\.|answer\.)?([a-z][a-z_-]*)[\"']", code))
    named |= {f"priority_{level}" for level in ("low", "normal", "high", "urgent")}
    keys = (key for key in catalogue(LANGUAGES[0]) if key.startswith(("answer.", "button.")))

    left_over = {
        key for key in keys if re.sub(r"^(answer|button)\.|\.(one|other)$", "", key) not in named
    }

    assert left_over == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_line_is_told_of_no_command_of_a_workspace(language: str) -> None:
    """What is changed from there is changed by the staff's moves."""
    texts = catalogue(language)
    codes = {code for place, code, _ in answers_given() if place.startswith("staff.py")}

    said = {code: texts.get(f"cli.answer.{code}") or texts[f"answer.{code}"] for code in codes}

    assert {code for code, text in said.items() if re.search(r"(^|\s)/[a-z]", text)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_is_never_told_what_to_type(language: str) -> None:
    texts = catalogue(language)
    said = {key.split(".")[-1]: text for key, text in texts.items() if key.startswith("form.")}

    assert said
    assert {code for code in said if f"answer.{code}" not in texts} == set()
    assert {code for code, text in said.items() if re.search(r"(^|\s)/[a-z]", text)} == set()
    assert {
        code
        for code, text in said.items()
        if placeholders(text) - placeholders(texts[f"answer.{code}"])
    } == set()


def test_words_of_ours_are_exactly_those_that_can_be_needed() -> None:
    """A key made of pieces is there for every piece there is, and for none besides."""
    wanted = {
        "event": set(EventKind),
        "actor": set(ActorKind),
        "state": set(State),
        "priority": {priority.word for priority in Priority},
        "command": {command.name for command in COMMANDS},
    }
    texts = catalogue(LANGUAGES[0])

    there = {
        group: {key.split(".")[1] for key in texts if key.startswith(f"{group}.")}
        for group in wanted
    }

    assert there == wanted
    assert {key.split(".")[1] for key in texts if key.startswith("event_by.")} <= set(EventKind)


# --- how a text is found ------------------------------------------------------------------------


def test_one_thing_is_not_said_as_many() -> None:
    one = say("en", "answer.queue_not_empty", count=1, queue="Sales")
    many = say("en", "answer.queue_not_empty", count=2, queue="Sales")

    assert one.startswith("1 customer still waits")
    assert many.startswith("2 customers still wait")


def test_a_language_we_lack_is_answered_in_english() -> None:
    assert say("fr", "priority.high") == "high"


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("en", "answer.unheard_of")


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt_BR"),
        ("pt_PT", "pt_BR"),
        ("fr, en;q=0.5", "en"),
        ("EN-us", "en"),
        ("", "en"),
        ("xx", "en"),
    ],
)
def test_the_best_language_we_have(wanted: str, language: str) -> None:
    assert best_language(wanted) == language


@pytest.mark.parametrize(
    ("count", "said"), [(0, "Nobody is waiting"), (1, "1 waiting"), (2, "2 waiting")]
)
def test_none_is_said_in_words(count: int, said: str) -> None:
    assert say("en", "view.waiting", count=count) == said
