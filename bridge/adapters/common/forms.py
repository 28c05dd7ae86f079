"""What the forms of a chat workspace ask for, and what they say when they are sent; pure."""

from collections.abc import Mapping

from bridge.domain.card import ConversationCard
from bridge.domain.template import Takes, Template, called
from bridge.locales import LANGUAGES, say
from bridge.ports.queries import Choices

SPANS = ("1h", "1d", "7d", "30d")
"""How far back a list of conversations may go, as the command understands it."""
NEW = "new"
"""In the menu of tickets: none of them."""
VALUE = "value."
"""Arguments that fill a template's variable begin so."""
BOARDS = frozenset({"events", "queues", "conversations"})
"""Commands that only show something."""

_NAMES = ("name", "nome", "customer", "cliente", "customer_name", "nome_cliente")
_FIRST_NAMES = ("first_name", "firstname", "primeiro_nome")
_NUMBERS = ("phone", "phone_number", "number", "telefone", "numero", "celular", "whatsapp")
_AGENTS = ("agent", "agent_name", "atendente", "nome_atendente")
"""What templates call what a conversation tells."""


def asks_for_more(command: str, arguments: Mapping[str, str]) -> bool:
    """Whether a form is opened for a button: it does not say all that there is to say."""
    if arguments.get("confirmed") == "yes" or arguments.get("force") == "yes":
        return False
    match command:
        case "transfer":
            return not arguments.get("target")
        case "priority":
            return not arguments.get("level")
        case "ticket":
            return arguments.get("action") not in ("close", "list")
        case "note":
            return not arguments.get("text")
        case "template":
            return True
        case "return-to-bot":
            return not arguments.get("summary")
        case _:
            return False


def spoken_form(command: str, given: Mapping[str, str]) -> dict[str, str]:
    """What a form says in the command's own words."""
    said = dict(given)
    match command:
        case "ticket":
            ticket = said.pop("ticket", NEW)
            if ticket == NEW:
                return said | {"action": "new"}
            return said | {"action": "edit", "ticket": ticket}
        case "available":
            return {"state": "off"} | said
        case "template" if _was_shown(said):
            return said | {"confirmed": "yes"}
        case _:
            return said


def _was_shown(given: Mapping[str, str]) -> bool:
    """What the form showed is what is sent, to whom it showed: there is nothing to ask."""
    filled_in = any(name.startswith(VALUE) for name in given)
    return bool(given.get("template")) and not filled_in and "address" not in given


def number_in(word: str) -> int | None:
    """The conversation that a field names; None where it names none."""
    word = word.strip().removeprefix("#")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 16 else None


def values_of(arguments: Mapping[str, str], card: ConversationCard | None) -> dict[str, str]:
    """A template's values: as they were typed, else what the conversation tells."""
    typed = {
        name.removeprefix(VALUE): value
        for name, value in arguments.items()
        if name.startswith(VALUE)
    }
    return _known(card) | typed


def _known(card: ConversationCard | None) -> dict[str, str]:
    if card is None:
        return {}
    customer = _customer(card)
    number = card.address if card.address.startswith("+") else ""
    told = (
        (_NAMES, customer),
        (_FIRST_NAMES, customer.partition(" ")[0]),
        (_NUMBERS, number),
        (_AGENTS, card.agent),
    )
    return {name: value for names, value in told for name in names if value}


def chosen(choices: Choices, word: str) -> Template | None:
    """The template that a form means by this word, as it was offered or as it was typed."""
    for option, template in zip(choices.options, choices.templates, strict=False):
        if option.value == word:
            return template
    return next(iter(called(choices.templates, word)), None)


def variable_label(template: Template, name: str, language: str, *, uploads: bool) -> str:
    """What a form asks for; `uploads` says whether it can take a file."""
    variable = template.variable(name)
    if variable.takes is Takes.TEXT:
        plain = name.replace("_", " ").capitalize()
        return say(language, "workspace.variable.numbered", name=name) if name.isdigit() else plain
    said = say(language, f"workspace.variable.{variable.takes.value}", about=variable.about)
    if variable.takes.is_file and not uploads:
        return say(language, "workspace.variable.linked", what=said)
    return said


FILETYPES: Mapping[Takes, tuple[str, ...]] = {
    Takes.IMAGE: ("jpg", "jpeg", "png"),
    Takes.VIDEO: ("mp4", "3gp"),
    Takes.DOCUMENT: ("pdf", "txt", "doc", "docx", "xls", "xlsx", "ppt", "pptx"),
}
"""What a form lets people choose for a variable that takes a file."""


def _customer(card: ConversationCard) -> str:
    """The customer's name, if he gave one."""
    nameless = tuple(say(language, "thread.nameless", tail="") for language in LANGUAGES)
    if card.customer.startswith(("+", *nameless)):
        return ""
    return card.customer
