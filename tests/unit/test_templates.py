"""A prepared text is filled once, by words, by files of ours, and never by what words look like."""

import pytest

from bridge.domain.content import File, FileKind
from bridge.domain.ids import FileId, TemplateId
from bridge.domain.template import (
    Takes,
    Template,
    Variable,
    called,
    file_in,
    file_name,
    file_value,
)
from tests.fakes.office import Office

HOSTILE = (
    "{x:>999999999}",
    "{0.__class__}",
    "{self}",
    "{}",
    "{{1}}",
    "%(x)999999999s",
    "%s" * 50,
    "${x}",
    "\\g<0>",
)
MAP = File(id=FileId("a" * 32), kind=FileKind.IMAGE, mime="image/png", size=1, name="map: a.png")


def template(body: str, *special: Variable, name: str = "hi", language: str = "en") -> Template:
    return Template(id=TemplateId(1), name=name, language=language, body=body, special=special)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_stands_there_as_it_is(value: str) -> None:
    assert template("a {{1}} {{ name }} b").fill({"1": value, "name": value}) == (
        f"a {value} {value} b"
    )


@pytest.mark.parametrize("value", HOSTILE)
async def test_from_the_command_to_the_customer_a_value_is_only_words(value: str) -> None:
    office = await Office().open()
    await office.queue("sales")
    await office.agent("ana", "sales", admin=True)
    await office.agent("cli", "sales", available=False)
    office.engine.desk.template_table.put(template("{0.__class__} {{1}} {{nome}}"))
    await office.handed_over()

    asked = await office.command(
        "ana", "template", template="hi", conversation="#1", **{"value.1": value}
    )
    answer = await office.command(
        "ana",
        "template",
        template="hi",
        conversation="#1",
        confirmed="yes",
        **{"value.1": value, "value.nome": value},
    )
    await office.close()

    assert asked.code == "missing_params"
    assert answer.ok
    assert office.channel.words() == [f"{{0.__class__}} {value} {value}"]
    assert office.thread().words()[-1].startswith("{0.__class__} ")


def test_a_file_is_read_by_its_name_and_known_by_its_id() -> None:
    value = file_value(MAP)
    made = template("{{header_image}} {{1}}", Variable(name="header_image", takes=Takes.IMAGE))

    assert file_in(value) == MAP.id
    assert made.fill({"header_image": value, "1": value}) == f"map: a.png {value}"


@pytest.mark.parametrize("value", ["", "https://a.example/b.png", "file:x:y", f"file:{'a' * 32}:"])
def test_what_names_no_file_of_ours_is_what_it_says(value: str) -> None:
    assert file_in(value) is None
    assert file_name(value) == value


def test_a_word_names_a_template_or_one_of_its_languages() -> None:
    english, portuguese = template("Hi"), template("Oi", language="pt_BR")
    odd = template("odd", name="a:b")

    assert called([english, portuguese, odd], "HI") == [english, portuguese]
    assert called([english, portuguese, odd], "hi:pt_br") == [portuguese]
    assert called([english, portuguese, odd], "a:b") == [odd]
    assert called([english], "hi:fr") == []
