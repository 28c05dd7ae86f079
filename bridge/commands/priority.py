"""`/priority`: say how urgent a conversation is."""

from bridge.commands.authorize import Action
from bridge.commands.command import CONVERSATION, Command, Wanted, button, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import chosen, conversation_and_rest, first_word, me
from bridge.commands.request import Request
from bridge.domain.conversation import Priority
from bridge.domain.moves import SetPriority
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec

LEVELS = {
    "urgent": ("urgente",),
    "high": ("alta",),
    "normal": (),
    "low": ("baixa",),
}
"""The words of each level, highest first; the key is the declared one."""


def parse(request: Request, desk: DeskView) -> Wanted:
    """One word, in either language."""
    me(request)
    conversation, rest = conversation_and_rest(request, desk)
    word, after = first_word(request.arguments.get("level", "") or rest)
    level = chosen(word, LEVELS)
    if level is None or after:
        offers = [
            button(
                "priority", f"priority_{name}", conversation=str(conversation.number), level=name
            )
            for name in LEVELS
        ]
        refuse("bad_level", *offers, number=str(conversation.number))
    return SetPriority(conversation=conversation.id, priority=Priority[level.upper()])


COMMAND = Command(
    spec=CommandSpec(
        name="priority",
        arguments=(
            CONVERSATION,
            ArgumentSpec(
                name="level", kind=ArgumentKind.CHOICE, required=True, choices=tuple(LEVELS)
            ),
        ),
    ),
    actions=(Action.SET_PRIORITY,),
    parse=parse,
    aliases=("prioridade",),
)
