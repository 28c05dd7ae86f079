"""`language`: the form in which an agent says what he is addressed in."""

from bridge.commands.authorize import Action
from bridge.commands.command import Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import me
from bridge.commands.request import Request
from bridge.domain.moves import ChangeAgent
from bridge.locales import LANGUAGES, language_named
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec


def parse(request: Request, desk: DeskView) -> Wanted:
    """His own, and one that we speak."""
    myself = me(request)
    word = request.arguments.get("language", "").strip()
    language = language_named(word)
    if language is None:
        refuse("bad_language", word=word, languages=", ".join(LANGUAGES))
    return ChangeAgent(agent=myself, language=language)


COMMAND = Command(
    spec=CommandSpec(
        name="language",
        arguments=(
            ArgumentSpec(
                name="language", kind=ArgumentKind.CHOICE, required=True, choices=LANGUAGES
            ),
        ),
        in_thread=False,
    ),
    actions=(Action.SET_LANGUAGE,),
    parse=parse,
    typed=False,
)
