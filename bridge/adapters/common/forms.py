"""What the forms of a chat workspace ask for, and what they say when they are sent; pure."""

from collections.abc import Mapping

from bridge.domain.card import ConversationCard
from bridge.locales import LANGUAGES, say

SPANS = ("1h", "1d", "7d", "30d")
"""How far back a list of conversations may go, as the command understands it."""
NEW = "new"
"""In the menu of tickets: none of them."""
VALUE = "value."
"""Arguments that fill a template's variable begin so."""
BOARDS = frozenset({"events", "queues", "conversations"})
"""Commands that only show something."""

_NAMES = ("name", "nome", "customer", "cliente")
"""What templates call the customer's name."""


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
    known = {name: value for name in _NAMES if (value := _customer(card))}
    typed = {
        name.removeprefix(VALUE): value
        for name, value in arguments.items()
        if name.startswith(VALUE)
    }
    return known | typed


def _customer(card: ConversationCard | None) -> str:
    """The customer's name, if he gave one."""
    nameless = tuple(say(language, "thread.nameless", tail="") for language in LANGUAGES)
    if card is None or card.customer.startswith(("+", *nameless)):
        return ""
    return card.customer
