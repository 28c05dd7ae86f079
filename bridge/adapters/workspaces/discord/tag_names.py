"""What the tags of a forum are called: one group for the state, one for the priority; pure."""

from bridge.domain.conversation import Priority, State
from bridge.locales import LANGUAGES, say

LONGEST = 20
"""Characters of a tag's name: discord.com/developers/docs/resources/channel#forum-tag-object."""


def state_tag(state: State, language: str) -> str:
    """The tag of a state."""
    return say(language, f"discord.tag.{state.value}")


def priority_tag(priority: Priority, language: str) -> str:
    """The tag of a priority."""
    return say(language, f"discord.tag.{priority.word}")


def every_tag(language: str) -> tuple[str, ...]:
    """All that set-up creates, states first."""
    states = tuple(state_tag(each, language) for each in State)
    return (*states, *(priority_tag(each, language) for each in Priority))


def groups() -> tuple[frozenset[str], frozenset[str]]:
    """The names of each group, in every language: of a group exactly one tag is on a post."""
    states = frozenset(state_tag(each, one) for each in State for one in LANGUAGES)
    return states, frozenset(priority_tag(each, one) for each in Priority for one in LANGUAGES)
