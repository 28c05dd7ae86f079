"""Names what is wrong with a script: where, what, and the way out."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bridge.adapters.bots.menu.schema import TABLES, ScriptTable
from bridge.domain.choices import say_choice

_KEYS = sorted({key for table in TABLES for key in table.model_fields})
_SENTENCES = {
    "missing": "is missing",
    "string_type": "must be a text in quotes",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "takes lower-case letters, digits, - and _, at most 40",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "dict_type": 'must be a text in quotes, or {{ en = "...", pt_BR = "..." }}',
    "tuple_type": "must be a list, [ ... ]",
    "model_type": "must be a table, with keys of its own",
    "too_short": "is empty",
}


def say_mistakes(mistakes: ValidationError, source: object) -> Iterator[str]:
    """One line for each mistake; `source` is what was read, to name choices by their ids."""
    for mistake in mistakes.errors(include_url=False):
        if mistake["type"] == "too_short" and mistake["input"]:
            continue  # Everything in the list is wrong, and was named.
        place = mistake["loc"]
        keys = place[:-1] if place and place[-1] == "[key]" else place
        yield f"{_place(keys, source)}: {_sentence(mistake, keys)}".removeprefix(": ")


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The way out of a name that is not known."""
    near = get_close_matches(word, known, 1)
    return f'did you mean "{near[0]}"?' if near else f"there is {', '.join(known) or 'none'}"


def _sentence(mistake: ErrorDetails, place: tuple[int | str, ...]) -> str:
    if mistake["type"] == "extra_forbidden":
        return _not_a_key(str(place[-1]))
    if mistake["type"] == "value_error":
        return mistake["msg"].removeprefix("Value error, ")
    if mistake["type"] == "literal_error":
        return say_choice(mistake["input"], mistake["ctx"]["expected"])
    sentence = _SENTENCES.get(mistake["type"])
    return mistake["msg"] if sentence is None else sentence.format(**mistake.get("ctx", {}))


def _not_a_key(key: str) -> str:
    if key in ScriptTable.model_fields:
        return "belongs to the whole file; write it above the first [table]"
    near = [each for each in get_close_matches(key, _KEYS, 1) if each != key]
    return "is not a key here" + (f"; did you mean {near[0]}?" if near else "")


def _place(path: tuple[int | str, ...], source: object) -> str:
    """`menus.main.choices.sales.label`; what has no id is counted from 1."""
    names = []
    for step in path:
        if isinstance(step, int):
            source = source[step] if isinstance(source, list) and step < len(source) else None
            name = source.get("id") if isinstance(source, dict) else None
            names.append(name if isinstance(name, str) else f"#{step + 1}")
        else:
            source = source.get(step) if isinstance(source, dict) else None
            names.append(step)
    return ".".join(names)
