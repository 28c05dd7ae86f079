"""An answer of the desk as its one reader sees it, with the ways on as buttons; pure."""

from collections.abc import Callable

from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import FORM, Pressed
from bridge.adapters.workspaces.discord.surfaces import kit
from bridge.adapters.workspaces.discord.text.writing import written
from bridge.domain.delivery import OfferedCommand
from bridge.domain.text import FormattedText, plain
from bridge.locales import say
from bridge.ports.commands import Answer

Ids = Callable[[Pressed, int], str]
"""Writes what a button says into its id; `place` tells apart two that say the same."""

_MOST_OFFERS = 20
_MAX_WORDS = kit.MAX_TEXT - 200


def shown(answer: Answer, number: int | None, ids: Ids, *ways: Json) -> Json:
    """The answer; buttons under it are about the conversation of this number, then come `ways`."""
    edge = kit.YELLOW_EDGE if answer.offers else kit.GREEN_EDGE if answer.ok else kit.RED_EDGE
    buttons = [
        kit.button(
            offer.label,
            ids(_pressed(offer, number), place),
            style=kit.BLUE if place == 0 else kit.GREY,
        )
        for place, offer in enumerate(answer.offers[:_MOST_OFFERS])
    ]
    said = kit.text(written(answer.text, _MAX_WORDS))
    return kit.private([said, *kit.rows([*buttons, *ways])], edge)


def refused(answer: Answer, form: Pressed, language: str, ids: Ids) -> Json:
    """What stands in the way of a form, with the way back into it: nothing typed is lost."""
    back = kit.button(say(language, "discord.ask.again"), ids(form, 0), style=kit.BLUE)
    return kit.private(
        [kit.text(written(answer.text, _MAX_WORDS)), *kit.rows([back])], kit.RED_EDGE
    )


def reopening(pressed: Pressed, key: str, language: str, ids: Ids) -> Json:
    """A sentence, and a button that opens the form."""
    form = Pressed(
        kind=FORM, command=pressed.command, number=pressed.number, arguments=pressed.arguments
    )
    open_ = kit.button(say(language, "discord.ask.open_form"), ids(form, 0), style=kit.BLUE)
    return kit.private([kit.text(say(language, key)), *kit.rows([open_])], kit.YELLOW_EDGE)


def going_on(onward: Pressed, done: int, count: int, language: str, ids: Ids) -> Json:
    """Some of a form is filled in; a button leads to the rest."""
    said = say(language, "discord.ask.more_values", done=done, count=count)
    button = kit.button(say(language, "discord.ask.go_on"), ids(onward, 0), style=kit.BLUE)
    return kit.private([kit.text(said), *kit.rows([button])], kit.YELLOW_EDGE)


def sorry(key: str, language: str) -> Json:
    """A sentence of ours instead of what was asked for."""
    return kit.private([kit.text(say(language, f"discord.sorry.{key}"))], kit.RED_EDGE)


def sorry_text(key: str, language: str) -> FormattedText:
    """The same for a private line."""
    return plain(say(language, f"discord.sorry.{key}"))


def _pressed(offer: OfferedCommand, number: int | None) -> Pressed:
    return Pressed(command=offer.command, number=number, arguments=offer.arguments)
