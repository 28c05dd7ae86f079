"""Everything a person reads, in English and Brazilian Portuguese.

The catalogues are the folders `en` and `pt_BR`: the same keys, the same `{names}` in each text.
A text is a template of ours; what is filled in is data and is never read as a template.
"""

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "pt_BR")
DEFAULT = "en"


@cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language by dotted key. Raises `KeyError` for a language we lack."""
    if language not in LANGUAGES:
        raise KeyError(language)
    texts: dict[str, str] = {}
    for part in sorted(files(__package__).joinpath(language).iterdir(), key=lambda p: p.name):
        if part.name.endswith(".toml"):
            texts |= _flat("", tomllib.loads(part.read_text(encoding="utf-8")))
    return texts


def _flat(prefix: str, tree: dict[str, object]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            flat |= _flat(f"{prefix}{key}.", value)
        else:
            flat[prefix + key] = str(value)
    return flat


def say(language: str, key: str, **data: object) -> str:
    """The text of a key, filled. With `count`, `<key>.one` is used for 1 and `<key>.none` for 0,
    where they exist.

    An unknown language falls back to English, an unknown key raises `KeyError`.
    """
    texts = catalogue(language if language in LANGUAGES else DEFAULT)
    if data.get("count") == 0 and f"{key}.none" in texts:
        return texts[f"{key}.none"].format_map(data)
    if data.get("count") == 1 and f"{key}.one" in texts:
        return texts[f"{key}.one"].format_map(data)
    if "count" in data and f"{key}.other" in texts:
        return texts[f"{key}.other"].format_map(data)
    return texts[key].format_map(data)


def language_named(word: str) -> str | None:
    """The language we have that a person calls so: `pt_BR`, `pt-br`, `PT`, `en-US`."""
    first = word.strip().replace("-", "_").partition("_")[0].lower()
    return next((each for each in LANGUAGES if each.partition("_")[0] == first), None)


def best_language(wanted: str) -> str:
    """The language we have for a browser's or platform's tag (`pt-BR,pt;q=0.9`, `pt_PT`)."""
    for tag in wanted.split(","):
        word = tag.split(";")[0].strip().lower()
        if word.startswith("pt"):
            return "pt_BR"
        if word.startswith("en"):
            return "en"
    return DEFAULT
