"""What is asked in a private answer, with menus and buttons, before a command can run; pure."""

from bridge.adapters.common import labels
from bridge.adapters.common.choices import Choice
from bridge.adapters.common.forms import NEW
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import FORM, PICKED, Pressed
from bridge.adapters.workspaces.discord.surfaces import forms, kit
from bridge.adapters.workspaces.discord.surfaces.answers import Ids
from bridge.adapters.workspaces.discord.surfaces.forms import Facts
from bridge.adapters.workspaces.discord.text.writing import literal
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.locales import say
from bridge.ports.queries import Choices, Option

_MOST_TICKETS = 8
_MAX_TICKET = 250
_STYLES = {"urgent": kit.RED, "high": kit.BLUE}


def templates(pressed: Pressed, known: Choices, many: bool, language: str, ids: Ids) -> Json:
    """Which template, in which language and billed as what; what is chosen opens its form."""
    entries = [
        Choice(value=option.value, label=_named(option, template, known, language),
               hint=_hint(template, language))
        for option, template in zip(known.options, known.templates, strict=True)
    ]  # fmt: skip
    menu = kit.menu(
        ids(picking(pressed, "template"), 0),
        entries,
        say(language, "discord.ask.template_hint"),
    )
    more = [kit.small(say(language, "discord.ask.template_many"))] if many else []
    return kit.private(
        [kit.text(say(language, "discord.ask.template")), menu, *more], kit.BLUE_EDGE
    )


def _named(option: Option, template: Template, known: Choices, language: str) -> str:
    """Its name, and its language where there is another one of it."""
    if sum(each.name == template.name for each in known.templates) < 2:
        return option.value
    return f"{template.name} · {labels.language(template.language, language)}"


def _hint(template: Template, language: str) -> str:
    body = kit.one_line(template.body)
    if template.channel is None:
        return body
    return f"{labels.choice('category', template.category, language)}: {body}"


def picking(pressed: Pressed, argument: str) -> Pressed:
    """What a menu says whose choice is this argument of the command."""
    return Pressed(
        command=pressed.command,
        number=pressed.number,
        arguments=pressed.arguments | {PICKED: argument},
    )


def which_conversation(
    pressed: Pressed, known: tuple[Choice, ...], language: str, ids: Ids
) -> Json:
    """About which conversation the command is."""
    menu = kit.menu(
        ids(picking(pressed, "conversation"), 0),
        known,
        say(language, "discord.ask.conversation_hint"),
    )
    asked = kit.text(say(language, "discord.ask.conversation"))
    many = len({each.value for each in known}) > kit.MAX_OPTIONS
    more = [kit.small(say(language, "discord.ask.conversation_many"))] if many else []
    return kit.private([asked, menu, *more], kit.BLUE_EDGE)


def priorities(pressed: Pressed, facts: Facts, ids: Ids) -> Json:
    """A button for each level; the present one cannot be pressed."""
    now = "" if facts.card is None else facts.card.priority.word
    spec = next((each for each in facts.spec.arguments if each.name == "level"), None)
    levels = () if spec is None else labels.choices(spec, facts.language)
    buttons = [
        kit.button(
            said,
            ids(
                Pressed(command="priority", number=pressed.number, arguments={"level": level}),
                place,
            ),
            style=_STYLES.get(level, kit.GREY),
            disabled=level == now,
        )
        for place, (level, said) in enumerate(levels)
    ]
    asked = say(facts.language, "discord.ask.priority", number=pressed.number)
    return kit.private([kit.text(asked), *kit.rows(buttons)], kit.BLUE_EDGE)


def tickets(pressed: Pressed, known: tuple[Ticket, ...], language: str, ids: Ids) -> Json:
    """The open ones, each with a button that closes it; then a new one, or a change of one."""
    parts = [kit.heading(f"{say(language, 'workspace.form.tickets_open')} · #{pressed.number}")]
    for ticket in [each for each in known if not each.closed][:_MOST_TICKETS]:
        close = {"action": "close", "ticket": str(ticket.number)}
        closing = Pressed(command="ticket", number=pressed.number, arguments=close)
        label = say(language, "workspace.form.ticket_close")
        words = literal(kit.clipped(forms.ticket_words(ticket, language), _MAX_TICKET))
        parts.append(kit.beside(words, kit.button(label, ids(closing, ticket.number))))
    entries = [
        Choice(value=str(each.number), label=forms.ticket_words(each, language)) for each in known
    ]
    edit = kit.menu(
        ids(picking(pressed, "ticket"), 0), entries, say(language, "discord.ask.edit_hint")
    )
    new = Pressed(
        kind=FORM,
        command="ticket",
        number=pressed.number,
        arguments=pressed.arguments | {"ticket": NEW},
    )
    opens = kit.button(say(language, "workspace.form.ticket_new"), ids(new, 0), style=kit.GREEN)
    return kit.private([*parts, edit, *kit.rows([opens])], kit.BLUE_EDGE)
