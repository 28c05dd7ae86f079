"""Every command works on every surface of Slack, with the same effect and the same event."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest
import pytest_asyncio

from bridge.simulators.common.wire import Json
from bridge.simulators.slack import Message, Person, View
from tests.adapters.slack.office import Office, Shown, Talk, buttons, fields, open_office, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with open_office(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module", scope="function")
async def fresh_office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """A command as it is typed and as its form is filled in, and what must come of it.

    A value that is a pair is looked for in a picker: its kind and the letters.
    """

    typed: str
    event: str
    form: Mapping[str, str | tuple[str, str]] = field(default_factory=dict)
    waits: bool = False


DEEDS = {
    "take": Deed(typed="", event="assigned", waits=True),
    "transfer": Deed(
        typed="sales please help",
        form={"target": ("target", "sal"), "note": "please help"},
        event="transferred",
    ),
    "priority": Deed(typed="urgent", form={"level": "urgent"}, event="priority_changed"),
    "ticket": Deed(
        typed="new problem The lamp flickers",
        form={"type": "problem", "description": "The lamp flickers"},
        event="ticket_opened",
    ),
    "template": Deed(
        typed="welcome-back Tia",
        form={"template": "welcome-back", "value.name": "Tia"},
        event="template_sent",
    ),
    "note": Deed(typed="Ask the boss", form={"text": "Ask the boss"}, event="note_added"),
    "return-to-bot": Deed(typed="All done", form={"summary": "All done"}, event="ended"),
}


class Run(Protocol):
    """One way to a command."""

    __name__: str

    async def __call__(
        self, office: Office, person: Person, talk: Talk, command: str, deed: Deed
    ) -> None: ...


async def by_button(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    await office.until(lambda: has(office.now(talk), command))
    before = office.seen(person)
    await press(person, office.now(talk), command)
    await fill(office, person, before, deed)


async def by_shortcut(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    before = office.seen(person)
    line = office.slack.thread(talk.card)[-1]
    await person.uses_shortcut(f"conversation_{command}", line)
    await fill(office, person, before, deed)


async def by_menu(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    before = office.seen(person)
    await person.uses_shortcut("conversation_menu", office.now(talk))
    menu = await office.told(person, before)
    before = office.seen(person)
    await press(person, menu, command)
    await fill(office, person, before, deed)


async def by_line(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    before = office.seen(person)
    await person.replies(office.now(talk), f"!{command} {deed.typed}".strip())
    await agree(office, person, before)


async def by_mention(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    before = office.seen(person)
    await person.replies(office.now(talk), f"@deskbridge {command} {deed.typed}".strip())
    await agree(office, person, before)


async def by_number(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    before = office.seen(person)
    await person.types(office.room, f"/{command} #{talk.number} {deed.typed}".strip())
    await agree(office, person, before)


async def by_slash_form(
    office: Office, person: Person, talk: Talk, command: str, deed: Deed
) -> None:
    before = office.seen(person)
    await person.types(office.room, f"/{command}")
    await fill(office, person, before, deed, about=talk)


async def by_words_and_picker(
    office: Office, person: Person, talk: Talk, command: str, deed: Deed
) -> None:
    before = office.seen(person)
    await person.types(office.room, f"/{command} {deed.typed}".strip())
    picker = await office.modal(person, "conversation")
    await person.submits(picker, {"conversation": await named(person, picker, talk)})
    await agree(office, person, before)


SURFACES: Mapping[str, Run] = {
    "shortcut": by_shortcut,
    "menu": by_menu,
    "line": by_line,
    "mention": by_mention,
    "number": by_number,
    "form": by_slash_form,
    "picker": by_words_and_picker,
}
NO_BUTTON = frozenset({"note"})
"""A note is written with `//` in the thread; the card has no button for it."""

PAIRS = [
    pytest.param(surface, command, id=f"{surface}-{command}")
    for surface in SURFACES
    for command in DEEDS
    if surface != "menu" or command not in NO_BUTTON
]


@pytest.mark.parametrize(("surface", "command"), PAIRS)
async def test_a_command_does_the_same_from_everywhere(
    office: Office, surface: str, command: str
) -> None:
    await does_it(office, SURFACES[surface], command)


LATER = ("template", "ticket")
"""On a card only once it is drawn again, seconds later; so is `return-to-bot`."""


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(command, marks=pytest.mark.long if command in LATER else ())
        for command in sorted(set(DEEDS) - NO_BUTTON)
    ],
)
async def test_a_command_does_the_same_from_its_card(fresh_office: Office, command: str) -> None:
    """A desk with few cards: Slack takes only so many edits of cards a minute."""
    await does_it(fresh_office, by_button, command)


async def does_it(office: Office, run: Run, command: str) -> None:
    deed, name = DEEDS[command], f"Cora {run.__name__} {command}"
    talk = await (office.waiting(name) if deed.waits else office.held(name))
    said = list(talk.customer.screen)

    await run(office, office.bo, talk, command, deed)

    await office.happened(talk, deed.event)
    if command not in ("template", "return-to-bot"):
        assert talk.customer.screen == said


# --- what a person does -----------------------------------------------------------------------


async def press(person: Person, where: Shown, command: str) -> None:
    """The button of this command, or its entry in the card's menu."""
    for one in buttons(where):
        if one.action_id.partition(":")[2].partition(":")[0] == command:
            await person.clicks(where, one.action_id)
            return
    assert isinstance(where, Message), f"no {command} in {words(where)}"
    entry = next(each for each in options(where) if f'"{command}"' in str(each["value"]))
    await person.clicks(where, "run", option=entry)


def has(card: Message, command: str) -> bool:
    """Whether the card offers this command; a card is edited only now and then."""
    ids = [one.action_id.removeprefix("run:").partition(":")[0] for one in buttons(card)]
    return command in ids or any(f'"{command}"' in str(each["value"]) for each in options(card))


def options(card: Message) -> list[dict[str, Json]]:
    found: list[dict[str, Json]] = []
    for block in card.blocks:
        assert isinstance(block, dict)
        for element in block.get("elements") or ():
            if isinstance(element, dict) and element.get("type") == "overflow":
                found += element["options"]
    return found


async def named(person: Person, view: View, talk: Talk) -> Json:
    """The conversation, found by its number in a picker."""
    found = await person.searches(view, "pick:conversation", f"#{talk.number}")
    return next(each for each in found if each["value"] == f"#{talk.number}")


async def fill(
    office: Office,
    person: Person,
    before: list[Shown],
    deed: Deed,
    about: Talk | None = None,
) -> None:
    """Fill in the form, if one opens; follow it where it changes with what is chosen."""
    if not deed.form and about is None:
        return
    view = await office.modal(person, "conversation" if about else next(iter(deed.form)))
    values: dict[str, Json] = {}
    if about is not None:
        chosen = await named(person, view, about)
        if not set(deed.form) <= fields(view) or "template" in deed.form:
            await person.clicks(view, "pick:conversation", option=chosen)
            view = await office.modal(person, *list(deed.form)[:1])
        if "conversation" in fields(view):
            values["conversation"] = chosen
    for name, value in deed.form.items():
        if name == "template":
            await person.clicks(view, "fill:menu", option=str(value))
            view = await office.modal(person, "value.name")
            continue
        values[name] = value
        if isinstance(value, tuple):
            kind, letters = value
            values[name] = (await person.searches(view, f"pick:{kind}", letters))[0]
    seen = office.seen(person)
    outcome = await person.submits(view, values)
    assert outcome.answered, outcome.reason
    assert outcome.errors == {}
    await agree(office, person, seen)


async def agree(office: Office, person: Person, before: list[Shown]) -> None:
    """What he is told; when it is a question, yes."""
    told = await office.told(person, before)
    yes = next((one for one in buttons(told) if "confirmed" in str(one.element.get("value"))), None)
    if yes is not None:
        await person.clicks(told, yes.action_id)
