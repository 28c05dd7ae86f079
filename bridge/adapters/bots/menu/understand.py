"""Finds what a customer means among what a script knows. Pure."""

from collections.abc import Iterable

from bridge.adapters.bots.menu.script import Action, Answer, Menu, Option, Script
from bridge.adapters.bots.menu.words import Words, consists_of, contains, words_of
from bridge.domain.content import Content
from bridge.domain.value import Value

LONGEST = 2_000
"""Nobody asks for a menu behind so many characters."""


class Understood(Value):
    """What he wants, and the choice that stands for it if there is one."""

    action: Action
    option: Option | None = None


def understand(script: Script, menu: Menu, content: Content) -> Understood | None:
    """What the customer wants: a button he pressed, a number, a label or a keyword he typed.

    What stands on his menu comes before the rest of the script, longer keywords before shorter,
    and a wish for a person before any other keyword.
    """
    if content.chosen is not None:
        pressed = _by_id(script, menu, content.chosen)
        if pressed is not None:
            return pressed
    said = words_of(content.words()[:LONGEST])
    if not said:
        return None
    return (
        _by_number(script, menu, said)
        or _by_label(script, menu, said)
        or _by_keyword(script, menu, said)
        or _by_beginning(script, said)
    )


def _meant(option: Option) -> Understood:
    return Understood(action=option.action, option=option)


def _by_id(script: Script, menu: Menu, chosen: str) -> Understood | None:
    """An old menu's buttons still work."""
    here = next((option for option in menu.options if option.id == chosen), None)
    option = here or script.option(chosen)
    return None if option is None else _meant(option)


def _by_number(script: Script, menu: Menu, said: Words) -> Understood | None:
    *before, number = said
    if len(before) > 1 or not script.numbering.issuperset(before):
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        return None
    place = int(number)
    return _meant(menu.options[place - 1]) if 0 < place <= len(menu.options) else None


def _by_label(script: Script, menu: Menu, said: Words) -> Understood | None:
    for option in _options(script, menu):
        if said in option.labels:
            return _meant(option)
    return None


def _by_keyword(script: Script, menu: Menu, said: Words) -> Understood | None:
    return (
        _best(said, [script.person])
        or _by_call(script, said)
        or _best(said, menu.options)
        or _best(said, script.answers)
        or _best(said, _options(script, menu))
    )


def _by_call(script: Script, said: Words) -> Understood | None:
    """`A person, please`, with nothing else said: a word such as this means more beside others."""
    called = any(contains(said, word) for word in script.callers)
    rest = (*script.callers, *script.asking, *script.beginnings)
    return _meant(script.person) if called and consists_of(said, rest) else None


def _best(said: Words, ones: Iterable[Option | Answer]) -> Understood | None:
    """The one whose longest keyword is in what was said; of equals, the first."""
    found, most = None, 0
    for one in ones:
        longest = max((len(word) for word in one.keywords if contains(said, word)), default=0)
        if longest > most:
            found, most = one, longest
    if found is None:
        return None
    return _meant(found) if isinstance(found, Option) else Understood(action=found.action)


def _by_beginning(script: Script, said: Words) -> Understood | None:
    """A greeting, or the wish to begin again, with nothing else said."""
    if consists_of(said, script.beginnings):
        return Understood(action=Action(menu=script.start))
    return None


def _options(script: Script, menu: Menu) -> Iterable[Option]:
    """Every choice of the script, this menu's first."""
    yield from menu.options
    for other in script.menus.values():
        if other.name != menu.name:
            yield from other.options
