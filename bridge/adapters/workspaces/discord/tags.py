"""A forum's tags: exactly one for the state and one for the priority; pure.

A tag is known by its name in any of our languages, or by its emoji where somebody renamed it. What
else people put on a post stays there.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.tag_names import priority_tag, state_tag
from bridge.domain.card import ConversationCard
from bridge.domain.conversation import Priority, State
from bridge.domain.value import Value
from bridge.locales import LANGUAGES

MOST_ON_A_POST = 5

_Word: TypeAlias = State | Priority

_EMOJI: Mapping[_Word, str] = MappingProxyType(
    {
        State.BOT: "🤖",
        State.PARKED: "🌙",
        State.WAITING: "⏳",
        State.OFFERED: "🔔",
        State.ASSIGNED: "🟢",
        State.ENDED: "🟤",
        Priority.URGENT: "🚨",
        Priority.HIGH: "🔺",
        Priority.NORMAL: "▫️",
        Priority.LOW: "🔻",
    }
)


class Tag(Value):
    """A tag of a forum as Discord tells it."""

    id: str
    name: str
    emoji: str = ""


def tag_bodies(names: Iterable[str], language: str) -> list[Json]:
    """How these are made; only who manages threads can put them on a post."""
    words = {_name(word, language): word for word in _EMOJI}
    return [{"name": name, "emoji_name": _EMOJI[words[name]], "moderated": True} for name in names]


def read_tags(channel: Mapping[str, object]) -> tuple[Tag, ...]:
    """The tags of a channel; none where it is no forum."""
    found = channel.get("available_tags")
    tags: list[Mapping[str, object]] = found if isinstance(found, list) else []
    return tuple(
        Tag(id=str(one["id"]), name=str(one["name"]), emoji=str(one.get("emoji_name") or ""))
        for one in tags
    )


def lacking(tags: Sequence[Tag], language: str) -> tuple[str, ...]:
    """The names of what a forum lacks."""
    known = {_word(tag) for tag in tags}
    return tuple(_name(word, language) for word in _EMOJI if word not in known)


def wanted(
    tags: Sequence[Tag], card: ConversationCard, there: Sequence[str] = ()
) -> tuple[str, ...]:
    """The ids to put on a card's post; `there` are those that it bears now.

    A tag that the forum lacks is left out, and what is not ours is kept while there is room.
    """
    words = {tag.id: _word(tag) for tag in tags}
    ids = {word: id_ for id_, word in words.items() if word is not None}
    ours = [ids[word] for word in (card.state, card.priority) if word in ids]
    others = [id_ for id_ in there if words.get(id_, card.state) is None]
    return (*ours, *others)[:MOST_ON_A_POST]


def _name(word: _Word, language: str) -> str:
    return state_tag(word, language) if isinstance(word, State) else priority_tag(word, language)


def _word(tag: Tag) -> _Word | None:
    """What a tag says; None for one that is not ours."""
    name = tag.name.casefold()
    for word, emoji in _EMOJI.items():
        if tag.emoji == emoji or name in {_name(word, each).casefold() for each in LANGUAGES}:
            return word
    return None
