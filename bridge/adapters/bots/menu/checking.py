"""Finds what cannot work in a file whose every part is well-formed."""

from collections.abc import Iterable

from bridge.adapters.bots.menu.mistakes import did_you_mean
from bridge.adapters.bots.menu.schema import ActionTable, ChoiceTable, ScriptTable
from bridge.adapters.bots.menu.script import PERSON, START
from bridge.adapters.bots.menu.words import Words, words_of


def mistakes_in(table: ScriptTable) -> list[str]:
    """What the file's parts say of each other that cannot be, one line for each."""
    return [
        *_wrong_start(table),
        *_wrong_menus(table),
        *_wrong_ids(table),
        *_ambiguous(table),
    ]


def _wrong_start(table: ScriptTable) -> Iterable[str]:
    if table.start is not None and table.start not in table.menus:
        known = list(table.menus)
        yield f'start: there is no menu "{table.start}"; {did_you_mean(table.start, known)}'


def _wrong_menus(table: ScriptTable) -> Iterable[str]:
    for place, action in _actions(table):
        if action.menu is not None and action.menu not in table.menus:
            way_out = did_you_mean(action.menu, list(table.menus))
            yield f'{place}.menu: there is no menu "{action.menu}"; {way_out}'


def _actions(table: ScriptTable) -> Iterable[tuple[str, ActionTable]]:
    yield from _choices(table)
    for number, answer in enumerate(table.answers, 1):
        yield f"answers.#{number}", answer


def _choices(table: ScriptTable) -> Iterable[tuple[str, ChoiceTable]]:
    for name, menu in table.menus.items():
        for choice in menu.choices:
            yield f"menus.{name}.choices.{choice.id}", choice


def _wrong_ids(table: ScriptTable) -> Iterable[str]:
    seen: dict[str, str] = {}
    for place, choice in _choices(table):
        if choice.id in (PERSON, START):
            yield f'{place}.id: "{choice.id}" is on every menu by itself; take another id'
        elif choice.id in seen:
            yield f"{place}.id: is taken by {seen[choice.id]}; every choice has its own"
        seen.setdefault(choice.id, place)


def _ambiguous(table: ScriptTable) -> Iterable[str]:
    """Words that could mean two things in one place."""
    for name, menu in table.menus.items():
        yield from _twice(
            (f"menus.{name}.choices.{choice.id}", (*choice.label.values(), *choice.keywords))
            for choice in menu.choices
        )
    yield from _twice(
        (f"answers.#{number}", answer.keywords) for number, answer in enumerate(table.answers, 1)
    )


def _twice(phrases: Iterable[tuple[str, tuple[str, ...]]]) -> Iterable[str]:
    owners: dict[Words, str] = {}
    for place, texts in phrases:
        for text in texts:
            owner = owners.setdefault(words_of(text), place)
            if owner != place:
                yield f'{place}: "{text}" means {owner} already'
