"""Whatever ends a delivery has words that people read: codes compared with the catalogue."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.adapters.workspaces.discord import errors as discord
from bridge.adapters.workspaces.slack import errors as slack
from bridge.locales import LANGUAGES, catalogue

ROOT = Path(__file__).resolve().parents[2] / "bridge"
# What a page of the local workspace refuses is answered by the page, and no delivery.
PAGES = ROOT / "adapters/workspaces/local/pages"
DISPATCHER = ROOT / "delivery/dispatcher.py"


def _words(node: ast.AST) -> Iterator[str]:
    """The constants that an argument may be."""
    choices = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    for choice in choices:
        if isinstance(choice, ast.Constant) and isinstance(choice.value, str):
            yield choice.value


def rejections() -> Iterator[str]:
    """The codes of every refusal that an adapter or the delivery itself makes."""
    for path in ROOT.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        # To parse them all takes a second, in every process that collects this.
        if "DeliveryRejected(" in source and not path.is_relative_to(PAGES):
            for node in ast.walk(ast.parse(source)):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id == "DeliveryRejected"
                ):
                    for argument in (*node.args[1:], *(each.value for each in node.keywords)):
                        yield from _words(argument)


def subclasses() -> Iterator[str]:
    """The codes of the refusals that have a class of their own."""
    for node in ast.walk(ast.parse((ROOT / "domain/errors.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
            for call in ast.walk(node) if "DeliveryRejected" in bases else ():
                if isinstance(call, ast.Call):
                    for argument in call.args[1:]:
                        yield from _words(argument)
            for default in ast.walk(node) if node.name == "DeliveryRejected" else ():
                if isinstance(default, ast.arguments):
                    for each in default.defaults:
                        yield from _words(each)


def endings() -> Iterator[str]:
    """The codes that the dispatcher gives itself."""
    for node in ast.walk(ast.parse(DISPATCHER.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr="_dead"), args=[_, _, code, _]):
                yield from _words(code)
            case ast.keyword(arg="code", value=code):
                yield from _words(code)
            case ast.Assign(targets=[ast.Name(id="code")], value=code):
                yield from _words(code)
            case _:
                pass


PLATFORMS = {*slack.PEOPLES_WORDS, *discord.PEOPLES_WORDS}
CODES = sorted({*rejections(), *subclasses(), *endings(), *PLATFORMS})


def test_codes_are_found_in_every_place_that_gives_one() -> None:
    assert {"thread_gone", "no_channel", "too_large"} <= set(rejections())
    assert {"rejected", "window_closed", "not_supported"} == set(subclasses())
    assert {"given_up", "fault", "not_found", "unknown"} <= set(endings())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words(language: str) -> None:
    texts = catalogue(language)

    assert [code for code in CODES if f"cause.{code}" not in texts] == []
