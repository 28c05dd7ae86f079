"""Makes a script ready from what its file says."""

import re
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from bridge.adapters.bots.menu.schema import (
    ActionTable,
    HandoverTable,
    MenuTable,
    ScriptTable,
    TextsTable,
)
from bridge.adapters.bots.menu.script import (
    PERSON,
    START,
    Action,
    Answer,
    Handover,
    Label,
    Menu,
    Option,
    Saying,
    Script,
    Texts,
)
from bridge.adapters.bots.menu.words import Words, words_of
from bridge.domain.conversation import Priority
from bridge.locales import LANGUAGES, say
from bridge.ports.markdown import parse

_PUNCTUATION = re.compile(r"([\\`*_~\[\]<>#+.!()-])")


def build(table: ScriptTable, brand: str) -> Script:
    """The script, ready to be followed, if `checking` found no mistake in it."""
    return _Builder(brand).script(table)


class _Builder:
    """Makes the parts; the brand is filled in once, here."""

    def __init__(self, brand: str) -> None:
        """Keep the brand, as a label shows it and as Markdown must write it."""
        self._brand = brand
        self._escaped = _PUNCTUATION.sub(r"\\\1", brand)

    def script(self, table: ScriptTable) -> Script:
        start = table.start or next(iter(table.menus))
        person = self._person(table)
        return Script(
            start=start,
            menus={
                name: self._menu(name, menu, [person] if name == start else [_back(start), person])
                for name, menu in table.menus.items()
            },
            person=person,
            answers=tuple(
                Answer(keywords=_phrases(answer.keywords), action=self._action(answer))
                for answer in table.answers
            ),
            texts=self._texts(table.texts),
            misunderstandings=table.misunderstandings,
            queue_anyway=table.when_nobody == "queue",
            beginnings=_ours("words.start"),
            numbering=frozenset(word for phrase in _ours("words.number") for word in phrase),
            callers=_ours("words.person_alone"),
            asking=_ours("words.asking"),
        )

    def _menu(self, name: str, menu: MenuTable, always: list[Option]) -> Menu:
        own = [
            _option(choice.id, self._label(choice.label), self._action(choice), choice.keywords)
            for choice in menu.choices
        ]
        return Menu(name=name, text=self._saying(menu.text), options=(*own, *always))

    def _person(self, table: ScriptTable) -> Option:
        label = self._label(table.person.label) if table.person.label else _our_label(PERSON)
        option = _option(
            PERSON, label, Action(handover=_handover(table.person)), table.person.keywords
        )
        return _with_keywords(option, _ours("words.person"))

    def _action(self, action: ActionTable) -> Action:
        return Action(
            say=None if action.say is None else self._saying(action.say),
            menu=action.menu,
            handover=None if action.handover is None else _handover(action.handover),
            close=action.close,
        )

    def _texts(self, table: TextsTable) -> Texts:
        def text(name: str, given: Mapping[str, str] | None) -> Saying:
            ours = {language: say(language, f"menu_bot.{name}") for language in LANGUAGES}
            return self._saying(given or ours)

        return Texts(
            greeting=text("greeting", table.greeting),
            again=text("again", table.again),
            misunderstood=text("misunderstood", table.misunderstood),
            only_text=text("only_text", table.only_text),
            gave_up=text("gave_up", table.gave_up),
            handing_over=text("handing_over", table.handing_over),
            nobody=text("nobody", table.nobody),
            nobody_stay=text("nobody_stay", table.nobody_stay),
            goodbye=text("goodbye", table.goodbye),
            returned=None if table.returned is None else self._saying(table.returned),
        )

    def _saying(self, texts: Mapping[str, str]) -> Saying:
        return Saying(
            texts={
                language: parse(text.replace("{brand}", self._escaped))
                for language, text in texts.items()
            }
        )

    def _label(self, texts: Mapping[str, str]) -> Label:
        return Label(
            texts={
                language: text.replace("{brand}", self._brand) for language, text in texts.items()
            }
        )


def _option(option_id: str, label: Label, action: Action, keywords: tuple[str, ...]) -> Option:
    return Option(
        id=option_id,
        label=label,
        action=action,
        labels=frozenset(words_of(text) for text in label.texts.values()),
        keywords=_phrases(keywords),
    )


def _with_keywords(option: Option, keywords: tuple[Words, ...]) -> Option:
    return replace(option, keywords=(*option.keywords, *keywords))


def _back(start: str) -> Option:
    return _option(START, _our_label(START), Action(menu=start), ())


def _our_label(name: str) -> Label:
    return Label(
        texts={language: say(language, f"menu_bot.label.{name}") for language in LANGUAGES}
    )


def _handover(table: HandoverTable) -> Handover:
    return Handover(queue=table.queue, priority=Priority[table.priority.upper()])


def _phrases(keywords: Iterable[str]) -> tuple[Words, ...]:
    return tuple(words_of(keyword) for keyword in keywords)


def _ours(key: str) -> tuple[Words, ...]:
    """Our own words for something, in every language at once."""
    lists = (say(language, f"menu_bot.{key}").split(",") for language in LANGUAGES)
    return tuple(dict.fromkeys(words_of(word) for words in lists for word in words))
