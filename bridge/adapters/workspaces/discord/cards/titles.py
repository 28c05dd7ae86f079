"""What a thread is called: fixed when it is opened, because a name is changed twice in ten minutes.

Discord takes 100 characters and does not say which kind; as UTF-16 they are counted longest.
"""

from unicodedata import category

from bridge.domain.card import ConversationCard
from bridge.domain.names import tidy_name

MAX_TITLE = 100
_BINDS = "\u200d"
_MAX_CHANNEL = 30


def title(card: ConversationCard) -> str:
    """`Alice · WhatsApp · #1042`; the name gives way to the rest."""
    channel = fitting(tidy_name(card.channel), _MAX_CHANNEL)
    rest = f" · {channel} · #{card.number}" if channel else f" · #{card.number}"
    return f"{fitting(tidy_name(card.customer) or '?', MAX_TITLE - _length(rest))}{rest}"


def fitting(words: str, limit: int) -> str:
    """The beginning that has room, never a part of a character."""
    if _length(words) <= limit:
        return words
    end, room = 0, limit - 1
    for place in range(len(words) + 1):
        if _length(words[:place]) > room:
            break
        if place == len(words) or not _goes_on(words, place):
            end = place
    return words[:end].rstrip() + "…"


def _goes_on(words: str, place: int) -> bool:
    """Whether the sign at this place belongs to the one before."""
    sign, before = words[place], words[place - 1 : place]
    if sign == _BINDS or before == _BINDS or category(sign)[0] == "M":
        return True
    if "\U0001f3fb" <= sign <= "\U0001f3ff":  # the colour of a skin
        return True
    return _is_half_a_flag(sign) and _halves_before(words, place) % 2 == 1


def _is_half_a_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _halves_before(words: str, place: int) -> int:
    start = place
    while start > 0 and _is_half_a_flag(words[start - 1]):
        start -= 1
    return place - start


def _length(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2
