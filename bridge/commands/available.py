"""`/available`: take new conversations or not, and hand over what one holds."""

from bridge.commands.authorize import Action
from bridge.commands.command import Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import chosen, first_word, is_person, me, the_agent
from bridge.commands.request import Request
from bridge.domain.agent import Agent
from bridge.domain.moves import SetPresence
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec
from bridge.ports.queries import ShowHome

STATES = {
    "on": ("sim", "ligar", "disponivel"),
    "off": ("nao", "desligar", "indisponivel"),
    "status": ("situacao",),
    "handover": ("repassar",),
}
MAX_REASON = 200


def parse(request: Request, desk: DeskView) -> Wanted:
    """Without a word it shows; `off` keeps what one holds, `handover` gives it away."""
    myself = me(request)
    agent, text = _whom(request, desk)
    word, rest = first_word(request.arguments.get("state", "") or text)
    state = chosen(word or "status", STATES)
    reason = request.arguments.get("reason", "").strip() or rest
    if state is None:
        refuse("bad_presence", word=word)
    if state == "status":
        return ShowHome() if agent is None else refuse("whose_presence", agent=agent.handle)
    if len(reason) > MAX_REASON:
        refuse("too_long", limit=str(MAX_REASON))
    return SetPresence(
        agent=myself if agent is None else agent.id,
        available=state == "on",
        reason=reason,
        handover=state == "handover",
    )


def _whom(request: Request, desk: DeskView) -> tuple[Agent | None, str]:
    """The `@agent` it is about, before or after the state; None is the one who asks."""
    named = request.arguments.get("agent", "").strip()
    if named:
        return the_agent(named, request, desk), request.text
    word, rest = first_word(request.text)
    if is_person(word):
        return the_agent(word, request, desk), rest
    second, after = first_word(rest)
    if is_person(second):
        return the_agent(second, request, desk), f"{word} {after}"
    return None, request.text


COMMAND = Command(
    spec=CommandSpec(
        name="available",
        arguments=(
            ArgumentSpec(name="state", kind=ArgumentKind.CHOICE, choices=tuple(STATES)),
            ArgumentSpec(name="reason", kind=ArgumentKind.TEXT),
            ArgumentSpec(name="agent", kind=ArgumentKind.AGENT),
        ),
        in_thread=False,
    ),
    actions=(Action.SET_PRESENCE, Action.SHOW_HOME),
    parse=parse,
    aliases=("disponivel", "presenca"),
)
