"""Forms: from a command's declaration and what there is to choose from to a modal; pure."""

from collections.abc import Callable, Iterator, Mapping

from bridge.adapters.common import labels
from bridge.adapters.common.choices import Choice
from bridge.adapters.common.forms import SPANS, VALUE, values_of, variable_label
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import FORM, Pressed
from bridge.adapters.workspaces.discord.surfaces import kit
from bridge.adapters.workspaces.discord.surfaces.answers import Ids
from bridge.adapters.workspaces.discord.text.writing import literal
from bridge.domain.card import ConversationCard
from bridge.domain.template import Template, file_in
from bridge.domain.ticket import Ticket
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec

STEP = "step"
"""The argument of a form of several pages that says which one it is."""

_LIMITS = {"note": 1_000, "summary": 1_000, "text": 3_000, "description": 2_000, "reason": 200}
_LONG = frozenset({"note", "summary", "text", "description"})
_MAX_VALUE = 1_000
_MAX_SHORT = 200
_MAX_WORD = 60
_MAX_PREVIEW = 1_500


class Facts(Value):
    """What a form is filled with; `choices` are those of its arguments, by their names."""

    spec: CommandSpec
    language: str
    card: ConversationCard | None = None
    template: Template | None = None
    ticket: Ticket | None = None
    choices: Mapping[str, tuple[Choice, ...]] = {}


def form(pressed: Pressed, facts: Facts, ids: Ids) -> Json:
    """The modal in which a command is filled in."""
    title = labels.title(pressed.command, facts.language)
    if pressed.number is not None:
        title = f"{title} · #{pressed.number}"
    fields = _BODIES.get(pressed.command, _usual)(pressed, facts)
    sent = Pressed(
        kind=FORM, command=pressed.command, number=pressed.number, arguments=pressed.arguments
    )
    return kit.modal(title, ids(sent, 0), fields)


def _usual(pressed: Pressed, facts: Facts) -> Iterator[Json]:
    """One field for each argument that is not said yet by how it was opened."""
    for spec in facts.spec.arguments:
        if spec.kind is not ArgumentKind.CONVERSATION:
            yield _field(spec, pressed, facts)


def _field(spec: ArgumentSpec, pressed: Pressed, facts: Facts) -> Json:
    given = pressed.arguments.get(spec.name, "")
    name = labels.label(pressed.command, spec.name, facts.language)
    options = facts.choices.get(spec.name) or _declared(spec, facts.language)
    if options and _can_choose(options, given):
        return kit.select(spec.name, name, options, given, required=spec.required)
    return kit.line(
        spec.name,
        name,
        given,
        long=spec.name in _LONG,
        limit=_LIMITS.get(spec.name, _MAX_SHORT),
        required=spec.required,
    )


def _can_choose(options: tuple[Choice, ...], given: str) -> bool:
    """A menu has 25 entries; where there are more, or what is given is none, one types."""
    known = {each.value for each in options}
    return len(options) <= kit.MAX_OPTIONS and (not given or given in known)


def _declared(spec: ArgumentSpec, language: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=value, label=said) for value, said in labels.choices(spec, language))


# --- one by one -------------------------------------------------------------------------------


def _return(pressed: Pressed, facts: Facts) -> Iterator[Json]:
    yield kit.text(say(facts.language, "workspace.form.return_lead"))
    yield from _usual(pressed, facts)


def _ticket(pressed: Pressed, facts: Facts) -> Iterator[Json]:
    """A new one, or a change of one: it begins with what stands there."""
    ticket, given = facts.ticket, pressed.arguments
    if ticket is not None:
        yield kit.text(literal(ticket_words(ticket, facts.language)))
    for name in ("type", "status"):
        now = "" if ticket is None else str(getattr(ticket, name))
        yield _word(name, given.get(name, now), facts)
    about = given.get("description", "" if ticket is None else ticket.description)
    yield kit.line(
        "description",
        labels.label("ticket", "description", facts.language),
        about,
        long=True,
        limit=_LIMITS["description"],
        required=ticket is None,
    )


def _word(name: str, given: str, facts: Facts) -> Json:
    """A type or a status: one of the desk's."""
    found = (each for each in facts.spec.arguments if each.name == name)
    spec = next(found, ArgumentSpec(name=name, kind=ArgumentKind.WORD))
    label = labels.label("ticket", name, facts.language)
    options = _declared(spec, facts.language)
    if options and _can_choose(options, given):
        return kit.select(name, label, options, given)
    return kit.line(name, label, given, limit=_MAX_WORD)


def ticket_words(ticket: Ticket, language: str) -> str:
    """A case in one line."""
    facts = (
        ticket.name,
        labels.choice("type", ticket.type, language),
        labels.choice("status", ticket.status, language),
        kit.one_line(ticket.description),
    )
    return " · ".join(filter(None, facts))


def _conversations(pressed: Pressed, facts: Facts) -> Iterator[Json]:
    """Filters; each may be left open. Discord has room for five of them."""
    for spec in facts.spec.arguments:
        if spec.name == "since":
            spans = tuple(
                Choice(value=each, label=say(facts.language, f"workspace.since.{each}"))
                for each in SPANS
            )
            given = pressed.arguments.get("since", "")
            name = say(facts.language, "workspace.since.label")
            yield kit.select("since", name, spans, given if given in SPANS else "")
        elif spec.name in ("state", "queue", "agent", "priority"):
            yield _field(spec, pressed, facts)


# --- templates --------------------------------------------------------------------------------


def _template(pressed: Pressed, facts: Facts) -> Iterator[Json]:
    """The variables, as many at once as there is room for, under how the text reads."""
    template = facts.template
    if template is None:
        return
    names = template.variables()
    some = page_of_values(template, step_of(pressed))
    if len(some) < kit.MAX_FIELDS:
        about = (
            labels.choice("category", template.category, facts.language),
            labels.language(template.language, facts.language),
        )
        body = literal(template.body[:_MAX_PREVIEW])
        yield kit.text(f"-# {literal(' · '.join(about))}\n>>> {body}")
    given = values_of(pressed.arguments, facts.card)
    for name in some:
        label = variable_label(template, name, facts.language, uploads=True)
        if len(names) > kit.MAX_FIELDS:
            label = f"{names.index(name) + 1}/{len(names)} · {label}"
        value = given.get(name, "")
        if template.variable(name).takes.is_file:
            yield kit.upload(f"{VALUE}{name}", label, required=file_in(value) is None)
            continue
        yield kit.line(f"{VALUE}{name}", label, value, limit=_MAX_VALUE, required=True)


def page_of_values(template: Template, step: int) -> tuple[str, ...]:
    """The variables that one form asks for."""
    return template.variables()[step * kit.MAX_FIELDS : (step + 1) * kit.MAX_FIELDS]


def step_of(pressed: Pressed) -> int:
    """Which page of its form this is."""
    word = pressed.arguments.get(STEP, "")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 3 else 0


_BODIES: Mapping[str, Callable[[Pressed, Facts], Iterator[Json]]] = {
    "conversations": _conversations,
    "return-to-bot": _return,
    "ticket": _ticket,
    "template": _template,
}
