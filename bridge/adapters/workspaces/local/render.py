"""Templates to HTML: everything is escaped, texts come from the catalogue, styles from files."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bridge.adapters.workspaces.local.security import Guard
from bridge.domain.ids import Instant
from bridge.domain.text import Link, Paragraph, to_plain
from bridge.locales import catalogue, say

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
HUES = 10

_URL = re.compile(r"https?://[^\s<>\"]{1,2000}", re.IGNORECASE)
_FOLLOWED = ("https://", "http://", "mailto:", "tel:")
_TRAILING = ".,;:!?'\"’”)]}"


class Renderer:
    """Fills templates with what is the same on every page and with what is given."""

    def __init__(self, guard: Guard, brand: str) -> None:
        """Templates and assets are the files beside this module."""
        self._common = {"brand": brand, "file_key": guard.file_key, "asset": asset}

    def page(self, template: str, language: str, **data: object) -> str:
        """A template, filled, in a language."""
        filled = {**self._common, "t": Words(language), "language": language, **data}
        return _environment().get_template(template).render(filled)

    def words(self, language: str) -> "Words":
        """The catalogue in a language."""
        return Words(language)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "tag": tag,
        "pieces": pieces,
        "hue": hue,
        "initials": initials,
        "filesize": filesize,
        "iso": iso,
        "safe_url": safe_url,
        "label": label,
    }
    return environment


@cache
def version() -> str:
    """Different when any asset is, so that browsers may keep assets for ever."""
    content = sha256()
    for path in sorted(ASSETS.rglob("*")):
        if path.is_file():
            content.update(path.relative_to(ASSETS).as_posix().encode() + path.read_bytes())
    return content.hexdigest()[:12]


def asset(name: str) -> str:
    """The address of an asset."""
    return f"/desk/assets/{version()}/{name}"


class Words:
    """The catalogue in one language, as templates call it."""

    def __init__(self, language: str) -> None:
        """Speak this language."""
        self.language = language

    def __call__(self, key: str, **data: object) -> str:
        """The text of a key, filled."""
        return say(self.language, key, **data)

    def of(self, key: str, default: str) -> str:
        """The text of a key that others declare; the default where they have not."""
        return say(self.language, key) if key in catalogue(self.language) else default

    def command(self, name: str) -> str:
        """What a command's button says."""
        return self.of(f"command.{name}.title", name.replace("-", " ").capitalize())

    def help(self, name: str) -> str:
        """What a command does."""
        return self.of(f"command.{name}.help", "")

    def argument(self, command: str, name: str) -> str:
        """The label of a command's argument."""
        return self.of(f"command.{command}.{name}", name.replace("_", " ").capitalize())

    def choice(self, command: str, argument: str, value: str) -> str:
        """What a choice of an argument says."""
        own = self.of(f"command.{command}.{argument}.{value}", "")
        usual = self.of(f"local.choice.{value}", "") or self.ticket(value).capitalize()
        return own or usual.replace("-", " ")

    def ticket(self, value: str) -> str:
        """A ticket's type or status: ours in words, a desk's own as it is."""
        return self.of(f"ticket_word.{value}", value)


def tag(node: msgspec.Struct) -> str:
    """Which kind of node of a text this is."""
    return str(node.__struct_config__.tag)


def safe_url(url: str) -> str:
    """An address that may be followed; anything else leads nowhere."""
    return url if url.lower().startswith(_FOLLOWED) else "#"


def label(link: Link) -> str:
    """The words that a link shows."""
    return to_plain((Paragraph(spans=link.spans),))


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """A text cut into what is an address and what is not."""
    at = 0
    for found in _URL.finditer(text):
        url = found.group().rstrip(_TRAILING)
        if found.start() > at:
            yield False, text[at : found.start()]
        yield True, url
        at = found.start() + len(url)
    if at < len(text):
        yield False, text[at:]


def hue(name: str) -> int:
    """One of our colours, always the same for a name."""
    return sum((place + 1) * ord(letter) for place, letter in enumerate(name)) % HUES


def initials(name: str) -> str:
    """One or two letters that stand for a person."""
    words = [word for word in re.split(r"[\s._-]+", name) if word and word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"


def filesize(size: int) -> str:
    """A size for people."""
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size //= 1024
    return f"{size:.0f} GB"


def iso(at: Instant) -> str:
    """A moment for `<time>`; the browser shows it in its own time zone."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")


JSON = msgspec.json.Encoder()


def to_json(value: object) -> bytes:
    """A value as JSON."""
    return JSON.encode(value)
