"""Every command works on every surface of Discord, with the same effect and the same event."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pytest
import pytest_asyncio

from bridge.simulators.discord import Message, Outcome, Person
from tests.adapters.discord.office import (
    Office,
    Talk,
    button,
    open_office,
    options,
    pressable,
    usable,
    words,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with open_office(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """A command as it is typed, as its options and as its form are filled in, and what comes of it.

    `chosen` is what is chosen in menus on the way to the form, `level` what is pressed.
    """

    typed: str
    event: str
    slash: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    chosen: str = ""
    press: Mapping[str, str] = field(default_factory=dict)
    waits: bool = False


DEEDS = {
    "take": Deed(typed="", event="assigned", waits=True),
    "transfer": Deed(
        typed="sales please help",
        slash={"target": "sales", "note": "please help"},
        form={"target": "sales", "note": "please help"},
        event="transferred",
    ),
    "priority": Deed(
        typed="urgent",
        slash={"level": "urgent"},
        press={"level": "urgent"},
        event="priority_changed",
    ),
    "ticket": Deed(
        typed="new problem The lamp flickers",
        slash={"action": "new", "type": "problem", "description": "The lamp flickers"},
        form={"type": "problem", "description": "The lamp flickers"},
        event="ticket_opened",
    ),
    "template": Deed(
        typed="welcome-back Tia",
        slash={"template": "welcome-back"},
        chosen="welcome-back",
        form={"value.name": "Tia"},
        event="template_sent",
    ),
    "note": Deed(
        typed="Ask the boss",
        slash={"text": "Ask the boss"},
        form={"text": "Ask the boss"},
        event="note_added",
    ),
    "return-to-bot": Deed(
        typed="All done",
        slash={"summary": "All done"},
        form={"summary": "All done"},
        event="ended",
    ),
}


class Run(Protocol):
    """One way to a command."""

    __name__: str

    async def __call__(
        self, office: Office, person: Person, talk: Talk, command: str, deed: Deed
    ) -> None: ...


async def by_slash(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    """In the thread, with every option."""
    outcome = await person.uses(talk.thread, command, **deed.slash)
    await finish(office, person, outcome, deed)


async def by_number(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    """Elsewhere, with the conversation named; it is completed while one types."""
    offered = await person.completes(
        office.lobby, command, "conversation", str(talk.number), **deed.slash
    )
    assert any(f"#{talk.number}" in str(each) for each in offered)
    outcome = await person.uses(office.lobby, command, conversation=f"#{talk.number}", **deed.slash)
    await finish(office, person, outcome, deed)


async def by_picker(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    """Elsewhere, without a conversation: it is asked for."""
    outcome = await person.uses(office.lobby, command, **deed.slash)
    asked = await office.settled(person, outcome)
    menu = button(asked, command, **{"?": "conversation"})
    outcome = await person.chooses(asked, menu, str(talk.number))
    await finish(office, person, outcome, deed, asked)


async def by_card(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    await office.until(lambda: has(office.card(talk), command))
    card, id_ = office.card(talk), button(office.card(talk), command)
    if deed.press:
        outcome = await person.chooses(card, id_, *deed.press.values())
    else:
        outcome = await person.presses(card, id_)
    await finish(office, person, outcome, deed)


async def by_menu(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    """The menu of a message brings the card's buttons."""
    line = office.discord.messages(talk.thread)[-1]
    outcome = await person.uses_menu("Conversation", line)
    menu = await office.settled(person, outcome)
    outcome = await person.presses(menu, button(menu, command))
    await finish(office, person, outcome, deed, menu)


async def by_line(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    before = len(office.direct(person))
    await person.says(talk.thread, f"!{command} {deed.typed}".strip())
    await agree(office, person, await office.told(person, before))


async def by_mention(office: Office, person: Person, talk: Talk, command: str, deed: Deed) -> None:
    before = len(office.direct(person))
    bot = office.discord.app(office.app).bot_id
    await person.says(talk.thread, f"<@{bot}> {command} {deed.typed}".strip())
    await agree(office, person, await office.told(person, before))


SURFACES: Mapping[str, Run] = {
    "slash": by_slash,
    "number": by_number,
    "picker": by_picker,
    "card": by_card,
    "menu": by_menu,
    "line": by_line,
    "mention": by_mention,
}
NO_BUTTON = frozenset({"note"})
"""A note is written with `//` in the thread; the card has no button for it."""

PAIRS = [
    pytest.param(surface, command, id=f"{surface}-{command}")
    for surface in SURFACES
    for command in DEEDS
    if surface not in ("menu", "card") or command not in NO_BUTTON
]


@pytest.mark.parametrize(("surface", "command"), PAIRS)
async def test_a_command_does_the_same_from_everywhere(
    office: Office, surface: str, command: str
) -> None:
    deed, run = DEEDS[command], SURFACES[surface]
    name = f"Cora {surface} {command}"
    talk = await (office.waiting(name) if deed.waits else office.held(name))
    said = list(talk.customer.screen)

    await run(office, office.bo, talk, command, deed)

    await office.happened(talk, deed.event)
    if command not in ("template", "return-to-bot"):
        assert talk.customer.screen == said


# --- what a person does -----------------------------------------------------------------------


def has(card: Message, command: str) -> bool:
    """Whether the card offers this command; a card is edited only now and then."""
    return any(pressed.command == command for _, pressed in pressable(card))


async def finish(
    office: Office, person: Person, outcome: Outcome, deed: Deed, on: Message | None = None
) -> None:
    """Go on until it is done: choose, press, fill in, and say yes where that is asked.

    `on` is the private answer that it was done on.
    """
    assert outcome.answered, "The application did not respond"
    if outcome.modal is not None:
        fields = {str(one["custom_id"]) for one in usable(outcome.modal)}
        values = {name: value for name, value in deed.form.items() if name in fields}
        sent = await person.submits(outcome.modal, **values)
        await agree(office, person, await office.settled(person, sent, on))
        return
    shown = await office.settled(person, outcome, on)
    if deed.chosen and (menu := picker(shown, "template")):
        assert deed.chosen in [each["value"] for each in options(shown, menu)]
        chosen = await person.chooses(shown, menu, deed.chosen)
        await finish(office, person, chosen, deed, shown)
    elif any(offers(one.arguments, deed.press) for _, one in pressable(shown)):
        pressed = await person.presses(shown, button(shown, "priority", **deed.press))
        await office.settled(person, pressed, shown)
    else:
        await agree(office, person, shown)


def offers(arguments: Mapping[str, str], press: Mapping[str, str]) -> bool:
    return bool(press) and press.items() <= arguments.items()


def picker(shown: Message, argument: str) -> str:
    return next((id_ for id_, one in pressable(shown) if one.arguments.get("?") == argument), "")


async def agree(office: Office, person: Person, told: Message) -> None:
    """When it is a question, yes."""
    yes = next((id_ for id_, one in pressable(told) if "confirmed" in one.arguments), None)
    if yes is not None:
        outcome = await person.presses(told, yes)
        assert outcome.answered, words(told)
