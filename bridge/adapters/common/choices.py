"""What a menu offers, on whatever platform it is shown."""

from bridge.domain.value import Value
from bridge.ports.commands import ArgumentKind
from bridge.ports.queries import Option


class Choice(Value):
    """One entry of a menu."""

    value: str
    label: str
    hint: str = ""


def choice_of(option: Option, kind: str) -> Choice:
    """Conversations and templates by their names, people and queues by what they are called."""
    match kind:
        case ArgumentKind.CONVERSATION:
            label, hint = f"{option.value} {option.label}".strip(), ""
        case ArgumentKind.TEMPLATE:
            label, hint = option.value, option.label
        case _:
            label, hint = option.label or option.value, option.hint
    return Choice(value=option.value, label=label, hint=hint)
