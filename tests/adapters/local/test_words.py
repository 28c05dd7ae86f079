"""Every text that pages and scripts ask for is there, in both languages."""

import re
from collections.abc import Iterator

import pytest

from bridge.adapters.workspaces.local.render import HERE, hue, initials
from bridge.domain.conversation import Priority, State
from bridge.domain.delivery import Mark
from bridge.locales import LANGUAGES, catalogue

KEY = re.compile(r"""["'](local\.[a-z_]+\.[a-z_0-9]*[a-z0-9])["']""")


def asked() -> Iterator[str]:
    for path in [*HERE.rglob("*.html"), *HERE.rglob("*.py")]:
        yield from KEY.findall(path.read_text(encoding="utf-8"))
    yield from (f"local.state.{state.value}" for state in State)
    yield from (f"local.priority.{priority.word}" for priority in Priority)
    yield from (f"local.mark.{mark.value}" for mark in Mark)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_is_asked_for_exists(language: str) -> None:
    known = catalogue(language)

    missing = {key for key in asked() if key not in known and f"{key}.other" not in known}

    assert missing == set()


def test_scripts_ask_only_for_words_that_the_page_carries() -> None:
    shell = (HERE / "templates" / "shell.html").read_text(encoding="utf-8")
    scripts = "".join(p.read_text(encoding="utf-8") for p in (HERE / "assets").glob("*.js"))
    carried = {
        re.sub(r"_(\w)", lambda found: found.group(1).upper(), word)
        for word in re.findall(r'"([a-z_]+)"', shell)
    }

    wanted = set(re.findall(r'\bword\("([A-Za-z]+)"', scripts))

    assert len(wanted) > 10
    assert wanted - carried == set()


def test_no_text_of_ours_is_left_unused() -> None:
    used = "".join(
        path.read_text(encoding="utf-8")
        for path in HERE.rglob("*")
        if path.suffix in (".html", ".py", ".js")
    )
    own = {key for key in catalogue("en") if key.startswith("local.")}
    groups = re.findall(r"""["'](local\.[a-z_]+(?:\.[a-z_]+)?[._])["'] ~""", used)
    groups += ["local.error.", "local.choice.", "local.js."]

    unused = {
        key
        for key in own
        if key.removesuffix(".one").removesuffix(".other") not in used
        and not key.startswith(tuple(groups))
    }

    assert unused == set()


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Souza", "AS"),
        ("Ana", "A"),
        ("", "?"),
        ("???", "?"),
        ("João da Silva", "JS"),
        ("+55 11", "1"),
    ],
)
def test_a_face_has_letters(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_person_always_has_the_same_colour() -> None:
    assert hue("Ana Souza") == hue("Ana Souza")
    assert len({hue(name) for name in ("Ana", "Bia", "Caio", "Duda", "Elis", "Flor")}) > 2
