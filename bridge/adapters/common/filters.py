"""The filters of the list of conversations, as its form gives them; pure."""

from collections.abc import Mapping

from bridge.domain.conversation import Priority, State
from bridge.domain.ids import DAY, HOUR, Instant, after
from bridge.ports.queries import ConversationFilter

_BACK: Mapping[str, int] = {"1h": HOUR, "1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY}
_MOST = 45


def read_filter(given: Mapping[str, str], now: Instant) -> ConversationFilter | None:
    """What was chosen; None where the command itself has to read it: a channel's name."""
    if given.get("channel"):
        return None
    state, level, since = (given.get(name, "") for name in ("state", "priority", "since"))
    return ConversationFilter(
        states=_states(state),
        queue=given.get("queue") or None,
        agent=given.get("agent", "").removeprefix("@") or None,
        priority=next((each for each in Priority if each.word == level), None),
        text=given.get("text", ""),
        since=after(now, -_BACK[since]) if since in _BACK else None,
        limit=_MOST,
    )


def _states(word: str) -> tuple[State, ...]:
    if word == "active":
        return tuple(state for state in State if state is not State.ENDED)
    return tuple(state for state in State if state.value == word)
