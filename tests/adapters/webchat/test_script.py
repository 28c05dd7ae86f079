"""The script that a site embeds."""

import gzip
import re
from importlib import resources

import pytest

from bridge.adapters.channels.webchat import bundle as bundling
from bridge.adapters.channels.webchat.bundle import MODULES, bundle
from tests.adapters.webchat.rig import Rig

ASSETS = resources.files(bundling.__package__ or "").joinpath("assets")
SOURCES = {name: ASSETS.joinpath(f"{name}.js").read_text("utf-8") for name in MODULES}
CHANNEL = {"heading": "Acme", "accent": None, "limits": {"text": 4_000, "files": 10, "bytes": 1}}


def test_it_is_at_most_20_kilobytes_compressed() -> None:
    assert len(bundle(CHANNEL).compressed) <= 20_000


def test_every_module_is_in_it() -> None:
    assert {file.name for file in ASSETS.iterdir()} == {f"{name}.js" for name in MODULES}


def test_a_module_stands_after_those_it_needs() -> None:
    for place, name in enumerate(MODULES):
        needed = re.findall(r'^import .* from "\./(\w+)\.js";', SOURCES[name], re.M)
        late = [other for other in needed if other in MODULES[place:]]
        only_called = {("view", "chat"), ("sender", "link")}
        assert not [other for other in late if (name, other) not in only_called]


def test_no_two_modules_use_one_name() -> None:
    declared = r"^(?:export )?(?:async )?(?:const|let|class|function\*?) (\w+)"
    names = [name for source in SOURCES.values() for name in re.findall(declared, source, re.M)]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", MODULES)
def test_nothing_parses_markup_or_runs_strings(name: str) -> None:
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|cookie"
    )

    assert not re.search(forbidden, SOURCES[name])


@pytest.mark.parametrize("name", MODULES)
def test_a_comment_that_is_left_out_takes_no_code_with_it(name: str) -> None:
    comments = [row.strip() for row in SOURCES[name].splitlines() if "/**" in row]

    assert all(row.startswith("/**") and row.endswith("*/") for row in comments)


def test_it_asks_nobody_but_us() -> None:
    addresses = set(re.findall(rb"https?://[\w.]+", bundle(CHANNEL).plain))

    assert addresses == {b"http://www.w3.org"}


def test_both_languages_say_everything() -> None:
    english, portuguese = SOURCES["strings"].split('"pt-BR": {')
    keys = re.compile(r"\b(\w+): \"")
    blanks = re.compile(r"(\w+): \"[^\"]*?\{(\w+)\}")

    assert keys.findall(english) == keys.findall(portuguese)
    assert blanks.findall(english) == blanks.findall(portuguese)


def test_every_word_that_is_used_is_in_the_catalogue_and_the_other_way_round() -> None:
    known = set(re.findall(r"\b(\w+): \"", SOURCES["strings"].split('"pt-BR": {')[0]))
    code = "\n".join(source for name, source in SOURCES.items() if name != "strings")
    said = set(re.findall(r"\bt\(\"(\w+)\"", code))

    assert said <= known
    assert {word for word in known if f'"{word}"' not in code} == set()


async def test_it_is_cached_but_asked_after(rig: Rig) -> None:
    async with rig.http.get(f"{rig.url}/widget.js") as first:
        script = await first.text()
    again = {"If-None-Match": first.headers["ETag"]}
    async with rig.http.get(f"{rig.url}/widget.js", headers=again) as second:
        assert second.status == 304

    assert first.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age" in first.headers["Cache-Control"]
    assert '"heading":"Acme"' in script


async def test_who_takes_it_compressed_gets_it_compressed(rig: Rig) -> None:
    async with rig.http.get(f"{rig.url}/widget.js", headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
    async with rig.http.get(f"{rig.url}/widget.js", headers={"Accept-Encoding": ""}) as plain:
        assert "Content-Encoding" not in plain.headers
        body = await plain.read()

    assert gzip.decompress(bundle({"heading": "Acme"}).compressed) != body
    assert body.startswith(b"/* Deskbridge")


def test_nobodys_secret_is_in_it() -> None:
    assert b"secret" not in bundle(CHANNEL).plain.lower()
