"""How names and addresses are looked for: without case, without accents, digits alone."""

import unicodedata

_NUMBER = frozenset("0123456789 +-().")


def fold(text: str) -> str:
    """The text without case and accents: `João` and `JOAO` are the same."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def wanted(text: str) -> str:
    """What to look for when a person typed this; a phone number loses its punctuation."""
    typed = text.strip()
    if typed and not set(typed) - _NUMBER:
        return "".join(part for part in typed if part.isdigit())
    return fold(typed)
