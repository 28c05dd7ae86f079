"""The filters of the board as they stand in an address; pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from bridge.domain.conversation import Priority, State
from bridge.domain.ids import DAY, HOUR, Instant
from bridge.domain.value import Value
from bridge.ports.queries import ConversationFilter

PAGE = 50
_NUMBER = re.compile("[0-9]{1,15}")
SINCE = {"1h": HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY}
OPEN = tuple(state for state in State if state is not State.ENDED)


class Wanted(Value):
    """A filter and the words it was made of, to be shown in the form again."""

    filter: ConversationFilter
    words: dict[str, str]

    def next(self, before: int) -> str:
        """The address of the next page."""
        return "/desk/conversations?" + urlencode({**self.words, "before": str(before)})

    @property
    def query(self) -> str:
        """The address of this list."""
        return "/desk/conversations?" + urlencode(self.words)


def read_filter(query: Mapping[str, str], now: Instant) -> Wanted:
    """What an address asks for; what makes no sense is left out."""
    words = {
        name: query[name].strip()
        for name in ("state", "queue", "agent", "priority", "channel", "text", "since", "mine")
        if query.get(name, "").strip()
    }
    since = SINCE.get(words.get("since", ""))
    before = query.get("before", "")
    return Wanted(
        filter=ConversationFilter(
            states=_states(words.get("state", "open")),
            queue=words.get("queue"),
            agent=words.get("agent", "").removeprefix("@") or None,
            priority=_priority(words.get("priority", "")),
            channel=words.get("channel"),
            text=words.get("text", "").removeprefix("#"),
            since=None if since is None else Instant(now - since),
            mine=words.get("mine") == "1",
            limit=PAGE,
            before=int(before) if _NUMBER.fullmatch(before) else None,
        ),
        words=words,
    )


def _states(word: str) -> tuple[State, ...]:
    if word == "all":
        return ()
    named = [state for state in State if state.value == word]
    return tuple(named) or OPEN


def _priority(word: str) -> Priority | None:
    return next((each for each in Priority if each.word == word), None)
