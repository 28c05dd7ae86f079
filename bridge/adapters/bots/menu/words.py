"""Compares what people type: by words, whatever their case, accents and punctuation."""

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeAlias

Words: TypeAlias = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> Words:
    """The words of a text as they are compared: `Olá, AÇÃO!` is `ola acao`."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    return tuple(_WORD.findall(bare.casefold()))


def contains(said: Words, phrase: Words) -> bool:
    """True when the words of the phrase stand side by side in what was said."""
    size = len(phrase)
    return any(said[at : at + size] == phrase for at in range(len(said) - size + 1))


def consists_of(said: Words, phrases: Iterable[Words]) -> bool:
    """True when what was said is nothing but these phrases, one after another."""
    known = tuple(phrases)
    reached = {0}
    for at in range(len(said)):
        if at in reached:
            reached |= {
                at + len(phrase) for phrase in known if said[at : at + len(phrase)] == phrase
            }
    return bool(said) and len(said) in reached
