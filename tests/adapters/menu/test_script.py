"""A script's mistakes are named: the file, the key, the way out."""

import re
from pathlib import Path

import pytest

from bridge.adapters.bots.menu.reading import parse_script, read_script
from bridge.domain.errors import InvalidSettings
from bridge.domain.text import Bold, Paragraph, Plain

GOOD = """
[menus.main]
text = "How can we help?"
choices = [{ id = "sales", label = "Buy", menu = "sales" }]
[menus.sales]
text = "What would you like?"
choices = [{ id = "shoes", label = "Shoes", say = "We have many." }]
"""

MISTAKES = {
    "no TOML": (
        "[menus.main\n",
        "shop.toml: is not TOML: Expected ']' at the end of a table declaration "
        "(at line 1, column 12)",
    ),
    "nothing in it": ("", "shop.toml: menus: is missing"),
    "no menus": ("[menus]", "shop.toml: menus: is empty"),
    "a key with a slip": (
        GOOD + "[person]\nprioritty = 'high'",
        "shop.toml: person.prioritty: is not a key here; did you mean priority?",
    ),
    "a key of the whole file in a table": (
        GOOD + "misunderstandings = 3",
        "shop.toml: menus.sales.misunderstandings: belongs to the whole file; "
        "write it above the first [table]",
    ),
    "a key of another table": (
        GOOD + "queue = 'sales'",
        "shop.toml: menus.sales.queue: is not a key here",
    ),
    "a key like no other": ("zzz = 1\n" + GOOD, "shop.toml: zzz: is not a key here"),
    "a slip in a choice": (
        GOOD.replace("say =", "sya ="),
        "shop.toml: menus.sales.choices.shoes.sya: is not a key here; did you mean say?",
    ),
    "a menu that is not there": (
        GOOD.replace('menu = "sales"', 'menu = "sale"'),
        'shop.toml: menus.main.choices.sales.menu: there is no menu "sale"; did you mean "sales"?',
    ),
    "an answer to a menu that is not there": (
        GOOD + "[[answers]]\nkeywords = ['x']\nmenu = 'zzz'",
        'shop.toml: answers.#1.menu: there is no menu "zzz"; there is main, sales',
    ),
    "a start that is not there": (
        "start = 'mian'\n" + GOOD,
        'shop.toml: start: there is no menu "mian"; did you mean "main"?',
    ),
    "an id twice": (
        GOOD.replace('"shoes"', '"sales"'),
        "shop.toml: menus.sales.choices.sales.id: is taken by menus.main.choices.sales; "
        "every choice has its own",
    ),
    "an id of ours": (
        GOOD.replace('"shoes"', '"person"'),
        'shop.toml: menus.sales.choices.person.id: "person" is on every menu by itself; '
        "take another id",
    ),
    "an id with a space": (
        GOOD.replace('"shoes"', '"nice shoes"'),
        "shop.toml: menus.sales.choices.nice shoes.id: takes lower-case letters, digits, - and _, "
        "at most 40",
    ),
    "a choice that does nothing": (
        GOOD.replace(', say = "We have many."', ""),
        "shop.toml: menus.sales.choices.shoes: does nothing; add say, menu, handover or close",
    ),
    "a choice that does two things": (
        GOOD.replace('menu = "sales"', 'menu = "sales", close = true'),
        "shop.toml: menus.main.choices.sales: has more than one of menu, handover and close; "
        "keep one",
    ),
    "a choice without a label": (
        GOOD.replace('label = "Shoes", ', ""),
        "shop.toml: menus.sales.choices.shoes.label: is missing",
    ),
    "a language we do not speak": (
        GOOD.replace('"What would you like?"', '{ en = "What?", fr = "Quoi ?" }'),
        "shop.toml: menus.sales.text.fr: is not a language we speak; there is en, pt_BR",
    ),
    "an empty text": (
        GOOD.replace('"What would you like?"', '" "'),
        "shop.toml: menus.sales.text.en: is empty",
    ),
    "a number for a text": (
        GOOD.replace('"What would you like?"', "7"),
        'shop.toml: menus.sales.text: must be a text in quotes, or { en = "...", pt_BR = "..." }',
    ),
    "something to fill in that we do not have": (
        GOOD.replace("We have many.", "Dear {name}"),
        "shop.toml: menus.sales.choices.shoes.say.en: {name} cannot be filled in; "
        "there is only {brand}",
    ),
    "a keyword without a letter": (
        GOOD + "[[answers]]\nkeywords = ['?!']\nsay = 'x'",
        "shop.toml: answers.#1.keywords.#1: a keyword needs a letter or a digit",
    ),
    "a keyword that means two things": (
        GOOD + "[[answers]]\nkeywords = ['Café']\nsay = 'x'\n"
        "[[answers]]\nkeywords = ['cafe']\nsay = 'y'",
        'shop.toml: answers.#2: "cafe" means answers.#1 already',
    ),
    "a priority that is none": (
        GOOD + "[person]\npriority = 'max'",
        "shop.toml: person.priority: use 'low', 'normal', 'high' or 'urgent'",
    ),
    "a priority with a slip": (
        GOOD + "[person]\npriority = 'urgnt'",
        "shop.toml: person.priority: use 'low', 'normal', 'high' or 'urgent'; did you mean urgent?",
    ),
    "patience without end": (
        "misunderstandings = 0\n" + GOOD,
        "shop.toml: misunderstandings: must be 1 or more",
    ),
    "a table for a list": (
        GOOD + "[answers]\nkeywords = ['x']",
        "shop.toml: answers: must be a list, [ ... ]",
    ),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_place(text: str, expected: str) -> None:
    with pytest.raises(InvalidSettings) as refused:
        parse_script(text, "shop.toml", "Loja")

    assert expected in str(refused.value).splitlines()


def test_every_mistake_has_its_line() -> None:
    text = GOOD.replace("label =", "lable =")

    with pytest.raises(InvalidSettings) as refused:
        parse_script(text, "shop.toml", "Loja")

    lines = str(refused.value).splitlines()
    assert len(lines) == 4
    assert all(line.startswith("shop.toml: menus.") for line in lines)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"

    with pytest.raises(InvalidSettings, match=r"shop\.toml: cannot be read: No such file"):
        read_script(path, "Loja")


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_bytes(GOOD.replace("Buy", "Calção").encode("latin-1"))

    with pytest.raises(InvalidSettings, match=r"shop\.toml: is not UTF-8 text"):
        read_script(path, "Loja")


def test_the_scripts_of_the_page_about_it_work() -> None:
    page = (Path(__file__).parents[3] / "docs" / "menu-bot.md").read_text(encoding="utf-8")
    _, smallest, more = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)

    read = parse_script(smallest + more, "page", "Loja")

    assert [option.id for option in read.menus["main"].options] == ["hours", "sales", "person"]
    assert len(read.answers) == 1


def test_the_brand_is_filled_in_and_is_not_markdown() -> None:
    text = GOOD.replace("We have many.", "**{brand}** has many.").replace("Shoes", "{brand} shoes")

    shoes = parse_script(text, "shop.toml", "A*B*C").menus["sales"].options[0]

    assert shoes.label.to("en") == "A*B*C shoes"
    assert shoes.action.say is not None
    bold = Bold(spans=(Plain(text="A*B*C"),))
    assert shoes.action.say.to("en") == (Paragraph(spans=(bold, Plain(text=" has many."))),)


def test_a_language_may_be_written_with_a_hyphen() -> None:
    text = GOOD.replace('"Shoes"', '{ en = "Shoes", pt-BR = "Sapatos" }')

    shoes = parse_script(text, "shop.toml", "Loja").menus["sales"].options[0]

    assert shoes.label.to("pt_BR") == "Sapatos"


def test_a_text_that_is_not_in_a_language_is_shown_in_the_one_there_is() -> None:
    text = GOOD.replace('"Shoes"', '{ pt_BR = "Sapatos" }')

    shoes = parse_script(text, "shop.toml", "Loja").menus["sales"].options[0]

    assert shoes.label.to("en") == "Sapatos"
