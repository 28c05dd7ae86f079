"""A text as Telegram takes it: the words, and what is marked in them. Pure.

https://core.telegram.org/bots/api#messageentity: places are counted in UTF-16 code units.
"""

from bridge.domain.value import Value


class Entity(Value):
    """A mark; `offset` and `length` in UTF-16 code units, `url` where it leads somewhere."""

    type: str
    offset: int
    length: int
    url: str = ""


class Words(Value):
    """Words and their marks."""

    text: str
    entities: tuple[Entity, ...] = ()

    @property
    def blank(self) -> bool:
        """True when there is nothing to be seen."""
        return not self.text.strip()


def units(text: str) -> int:
    """How long a text is in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
