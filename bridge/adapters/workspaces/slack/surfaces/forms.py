"""Forms: from a command's declaration and what there is to choose from to a modal; pure."""

from collections.abc import Callable, Iterator, Mapping

from bridge.adapters.common import labels
from bridge.adapters.common.choices import Choice
from bridge.adapters.common.forms import FILETYPES, NEW, SPANS, values_of, variable_label
from bridge.adapters.workspaces.slack.blocks.actions import action_id, button_value
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.surfaces import kit
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet
from bridge.adapters.workspaces.slack.text.richtext import section as run
from bridge.adapters.workspaces.slack.text.richtext import words
from bridge.domain.card import ConversationCard
from bridge.domain.template import Template, file_in, file_name
from bridge.domain.ticket import Ticket
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec
from bridge.ports.queries import Choices

_MOST_TICKETS = 20
_MOST_TEMPLATES = 25
"""So many the desk tells at once."""
_MAX_ABOUT = 300
_LIMITS = {"note": 1_000, "summary": 1_000, "text": 3_000, "description": 2_000, "reason": 200}
_LONG = frozenset({"note", "summary", "text", "description"})


class Facts(Value):
    """What a form is filled with. `preselected` is the caller's only conversation."""

    spec: CommandSpec
    language: str
    card: ConversationCard | None = None
    preselected: Choice | None = None
    template: Template | None = None
    templates: Choices = Choices(options=())
    tickets: tuple[Ticket, ...] = ()
    held: int = 0
    targets: Mapping[str, str] = {}


def form(sheet: Sheet, facts: Facts) -> Json:
    """The modal in which a command is filled in."""
    language = facts.language
    blocks = [*_head(sheet, facts), *_body(sheet, facts)]
    submit = say(language, _SUBMITS.get(sheet.command, "workspace.form.ok"))
    return kit.modal(labels.title(sheet.command, language), blocks, sheet, language, submit=submit)


_SUBMITS = {
    "take": "button.take",
    "transfer": "workspace.form.transfer",
    "template": "workspace.form.send",
    "return-to-bot": "workspace.form.return",
    "ticket": "workspace.form.save",
    "conversations": "workspace.form.search",
}


def _head(sheet: Sheet, facts: Facts) -> Iterator[Json]:
    """About whom; where nobody is named, a picker of the caller's conversations."""
    card = facts.card
    if card is not None:
        yield kit.context(f"{card.customer} · {card.channel} · #{card.number}")
    elif sheet.number is not None:
        yield kit.context(f"#{sheet.number}")
    elif facts.spec.in_thread and not sheet.arguments.get("address"):
        follows = sheet.command in ("ticket", "template") and not sheet.text
        optional = sheet.command == "template" and not sheet.text
        element = kit.search("conversation", facts.preselected)
        name = labels.label(sheet.command, "conversation", facts.language)
        yield kit.field("conversation", name, element, optional=optional, dispatch=follows)


def _body(sheet: Sheet, facts: Facts) -> Iterator[Json]:
    if sheet.text:
        yield kit.context(f"/{sheet.command} {sheet.text}")
        return
    yield from _BODIES.get(sheet.command, _usual)(sheet, facts)


def _usual(sheet: Sheet, facts: Facts) -> Iterator[Json]:
    """One field for each argument."""
    for spec in facts.spec.arguments:
        if spec.kind is not ArgumentKind.CONVERSATION:
            yield _field(spec, sheet, facts)


def _field(spec: ArgumentSpec, sheet: Sheet, facts: Facts) -> Json:
    given = sheet.arguments.get(spec.name, "")
    name = labels.label(sheet.command, spec.name, facts.language)
    element: Json
    match spec.kind:
        case ArgumentKind.CHOICE if spec.choices:
            element = kit.menu(_choices(spec, facts.language), given)
        case ArgumentKind.AGENT | ArgumentKind.QUEUE | ArgumentKind.TARGET:
            element = kit.search(spec.kind.value, _chosen(given, facts))
        case ArgumentKind.TEXT:
            limit = _LIMITS.get(spec.name, 1_000)
            element = kit.line(given, long=spec.name in _LONG, limit=limit)
        case _:
            element = kit.line(given, limit=200)
    return kit.field(spec.name, name, element, optional=not spec.required)


def _chosen(given: str, facts: Facts) -> Choice | None:
    return Choice(value=given, label=facts.targets.get(given, given)) if given else None


def _choices(spec: ArgumentSpec, language: str) -> list[Choice]:
    return [Choice(value=value, label=label) for value, label in labels.choices(spec, language)]


def _spec(facts: Facts, name: str) -> ArgumentSpec:
    found = (spec for spec in facts.spec.arguments if spec.name == name)
    return next(found, ArgumentSpec(name=name, kind=ArgumentKind.WORD))


# --- one by one -------------------------------------------------------------------------------


def _priority(sheet: Sheet, facts: Facts) -> Iterator[Json]:
    spec = _spec(facts, "level")
    now = "normal" if facts.card is None else facts.card.priority.word
    element = kit.radio(_choices(spec, facts.language), sheet.arguments.get("level", now))
    yield kit.field("level", labels.label("priority", "level", facts.language), element)


def _return(sheet: Sheet, facts: Facts) -> Iterator[Json]:
    yield kit.text(say(facts.language, "workspace.form.return_lead"))
    yield from _usual(sheet, facts)


def _available(sheet: Sheet, facts: Facts) -> Iterator[Json]:
    """Why, and what becomes of what he holds."""
    language = facts.language
    yield kit.text(say(language, "workspace.form.off_lead"))
    reason = kit.line(sheet.arguments.get("reason", ""), limit=_LIMITS["reason"])
    yield kit.field("reason", labels.label("available", "reason", language), reason, optional=True)
    if facts.held:
        ways = [
            Choice(value="off", label=say(language, "workspace.form.off_keep")),
            Choice(value="handover", label=say(language, "workspace.form.off_handover")),
        ]
        held = say(language, "workspace.form.off_held", count=facts.held)
        yield kit.field("state", held, kit.radio(ways, "off"))


def _ticket(sheet: Sheet, facts: Facts) -> Iterator[Json]:
    """The open ones, each with a button that closes it; then a new one, or a change of one."""
    language = facts.language
    open_ = [ticket for ticket in facts.tickets if not ticket.closed][:_MOST_TICKETS]
    if open_:
        yield kit.header(say(language, "workspace.form.tickets_open"))
        for ticket in open_:
            yield kit.text(_said(ticket, language), _closing(ticket, sheet, facts))
        yield kit.divider()
    chosen = sheet.arguments.get("ticket", NEW)
    known = [Choice(value=NEW, label=say(language, "workspace.form.ticket_new"))]
    known += [
        Choice(value=str(each.number), label=_said(each, language)[:75])
        for each in facts.tickets[:_MOST_TICKETS]
    ]
    if facts.tickets:
        yield kit.field(
            "ticket", labels.label("ticket", "ticket", language), kit.menu(known, chosen)
        )
    for name in ("type", "status"):
        yield _word(name, sheet, facts)
    about = kit.line(sheet.arguments.get("description", ""), long=True, limit=2_000)
    label = labels.label("ticket", "description", language)
    yield kit.field("description", label, about, optional=True)


def _word(name: str, sheet: Sheet, facts: Facts) -> Json:
    """A type or a status: one of the desk's, or left as usual."""
    spec, given = _spec(facts, name), sheet.arguments.get(name, "")
    usual = say(facts.language, "workspace.form.usual")
    if spec.choices:
        element = kit.menu(_choices(spec, facts.language), given, usual)
    else:
        element = kit.line(given, limit=60)
    return kit.field(name, labels.label("ticket", name, facts.language), element, optional=True)


def _said(ticket: Ticket, language: str) -> str:
    facts = (labels.choice("type", ticket.type, language),
             labels.choice("status", ticket.status, language))  # fmt: skip
    about = " ".join(ticket.description.split())[:_MAX_ABOUT]
    return " · ".join(filter(None, (ticket.name, *facts, about)))


def _closing(ticket: Ticket, sheet: Sheet, facts: Facts) -> Json:
    return {
        "type": "button",
        "action_id": action_id("ticket", ticket.number),
        "text": {
            "type": "plain_text",
            "text": say(facts.language, "workspace.form.ticket_close"),
            "emoji": False,
        },
        "value": button_value(sheet.number, {"action": "close", "ticket": str(ticket.number)}),
    }


def _conversations(sheet: Sheet, facts: Facts) -> Iterator[Json]:
    """Filters; each may be left open."""
    for spec in facts.spec.arguments:
        if spec.name != "since":
            yield _field(spec, sheet, facts)
            continue
        spans = [
            Choice(value=each, label=say(facts.language, f"workspace.since.{each}"))
            for each in SPANS
        ]
        name = say(facts.language, "workspace.since.label")
        element = kit.menu(spans, sheet.arguments.get("since", ""))
        yield kit.field("since", name, element, optional=True)


# --- templates --------------------------------------------------------------------------------


def _template(sheet: Sheet, facts: Facts) -> Iterator[Json]:
    """Which one, its variables, how it will read, and whether free text is allowed, too."""
    language, template = facts.language, facts.template
    if sheet.number is None:
        yield from _to_somebody(sheet, facts)
    label = labels.label("template", "template", language)
    word = "" if template is None else sheet.arguments.get("template", template.name)
    yield kit.field("template", label, _templates(facts, word), dispatch=True)
    if template is not None:
        yield from _variables(template, sheet, facts)
        yield kit.context(
            say(language, "workspace.form.preview"),
            _category(template, language),
            labels.language(template.language, language),
        )
        yield kit.quote(template.fill(values_of(sheet.arguments, facts.card)))
    if facts.card is not None:
        yield _window(facts.card, language)


def _templates(facts: Facts, word: str) -> Json:
    """All of them in one menu; one that one searches in where there may be more."""
    offered = facts.templates
    known = [
        Choice(value=option.value, label=_named(option.value, template, offered, facts.language))
        for option, template in zip(offered.options, offered.templates, strict=True)
    ]
    if known and len(known) < _MOST_TEMPLATES:
        here = word if word in {each.value for each in known} else ""
        return kit.menu(known, here)
    return kit.search("template", Choice(value=word, label=word) if word else None)


def _named(word: str, template: Template, offered: Choices, language: str) -> str:
    """Its name, and its language where there is another one of it."""
    if sum(each.name == template.name for each in offered.templates) < 2:
        return word
    return f"{template.name} · {labels.language(template.language, language)}"


def _to_somebody(sheet: Sheet, facts: Facts) -> Iterator[Json]:
    """A customer who may never have written."""
    for name in ("address", "name"):
        element = kit.line(sheet.arguments.get(name, ""), limit=120)
        yield kit.field(
            name, labels.label("template", name, facts.language), element, optional=True
        )


def _variables(template: Template, sheet: Sheet, facts: Facts) -> Iterator[Json]:
    language = facts.language
    given = values_of(sheet.arguments, facts.card)
    for name in template.variables():
        label = variable_label(template, name, language, uploads=True)
        takes, value = template.variable(name).takes, given.get(name, "")
        if takes.is_file:
            yield from _file(f"value.{name}", label, FILETYPES[takes], value)
            continue
        element = kit.line(value, limit=1_000, dispatch=True)
        yield kit.field(f"value.{name}", label, element, dispatch=True)


def _file(name: str, label: str, endings: tuple[str, ...], value: str) -> Iterator[Json]:
    """A file; one that was chosen before stays unless another one is."""
    was_chosen = file_in(value) is not None
    if was_chosen:
        yield kit.context(file_name(value))
    yield kit.field(name, label, kit.file(endings), optional=was_chosen)


def _category(template: Template, language: str) -> str:
    return labels.choice("category", template.category, language)


def _window(card: ConversationCard, language: str) -> Json:
    """Until when free text is allowed."""
    if card.window_until is None:
        return kit.context(say(language, "workspace.form.no_window"))
    said = [
        words(say(language, "workspace.card.window_until") + " "),
        kit.moment(card.window_until),
    ]
    return {"type": "rich_text", "elements": [run(said)]}


_BODIES: Mapping[str, Callable[[Sheet, Facts], Iterator[Json]]] = {
    "conversations": _conversations,
    "priority": _priority,
    "return-to-bot": _return,
    "available": _available,
    "ticket": _ticket,
    "template": _template,
}
