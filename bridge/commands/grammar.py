"""Reads the words of commands: numbers, people, queues, durations, quoted words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from bridge.commands.command import refuse
from bridge.commands.desk import DeskView
from bridge.commands.request import Request, argument_number, leading_number
from bridge.domain.agent import Agent
from bridge.domain.conversation import Conversation
from bridge.domain.ids import DAY, HOUR, MINUTE, SECOND, AgentId, HoldId, WorkspaceUserId
from bridge.domain.queue import Queue

_MENTION = re.compile(r"<@!?([^\s<>|]{1,120})(?:\|[^<>]*)?>")
_WORD = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')
_DURATION = re.compile(r"([0-9]{1,6})\s*([a-z]*)")
_UNITS = {
    "s": SECOND, "sec": SECOND, "seg": SECOND,
    "m": MINUTE, "min": MINUTE, "": MINUTE,
    "h": HOUR, "d": DAY, "w": 7 * DAY, "sem": 7 * DAY,
}  # fmt: skip

# A queue's title may have spaces: so many words are tried as its name.
_LONGEST_NAME = 5


def bare(word: str) -> str:
    """A word as it is compared: lower-case, without accents."""
    spread = unicodedata.normalize("NFKD", word.strip()).casefold()
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def first_word(text: str) -> tuple[str, str]:
    """The first word of a text (quotation marks make several one), and what follows it."""
    found = _WORD.match(text.lstrip())
    if found is None:
        return "", ""
    word = next(group for group in found.groups() if group is not None)
    return word, text.lstrip()[found.end() :].strip()


def words(text: str) -> tuple[str, ...]:
    """All words of a text."""
    return tuple(
        next(group for group in found.groups() if group is not None)
        for found in _WORD.finditer(text)
    )


def nearest_of(word: str, choices: Iterable[str]) -> str:
    """The choice that was probably meant; empty when none is near."""
    close = get_close_matches(bare(word), tuple(choices), n=1, cutoff=0.6)
    return close[0] if close else ""


def chosen(word: str, choices: Mapping[str, tuple[str, ...]]) -> str | None:
    """The choice that a word in either language names."""
    wanted = bare(word)
    return next((name for name, spoken in choices.items() if wanted in (name, *spoken)), None)


def me(request: Request) -> AgentId:
    """The agent who asks. Refuses everybody else."""
    if request.actor.agent is None:
        refuse("not_an_agent")
    return request.actor.agent


def offer_named(request: Request) -> HoldId | None:
    """The offer that a button is about."""
    word = request.arguments.get("offer", "")
    return HoldId(int(word)) if word.isascii() and word.isdigit() and len(word) < 19 else None


def conversation_and_rest(request: Request, desk: DeskView) -> tuple[Conversation, str]:
    """The conversation the command is about and the text after its number.

    Refuses when none is named outside a thread, or when there is none of that number.
    """
    found, rest = perhaps_conversation(request, desk)
    if found is None:
        refuse("not_in_thread")
    return found, rest


def perhaps_conversation(request: Request, desk: DeskView) -> tuple[Conversation | None, str]:
    """The same, where a command also makes sense without one."""
    number, rest = leading_number(request.text)
    if number is None:
        number = argument_number(request.arguments)
    if number is None:
        return request.conversation, rest
    here = request.conversation
    if here is not None and here.number == number:
        return here, rest
    found = desk.conversation_by_number(number)
    if found is None:
        refuse("unknown_conversation")
    return found, rest


def is_person(word: str) -> bool:
    """True for `@ana` and for a mention."""
    return (word.startswith("@") and len(word) > 1) or _MENTION.fullmatch(word) is not None


def agent_called(word: str, request: Request, desk: DeskView) -> Agent | None:
    """The active agent of `@ana`, `ana` or a mention."""
    mention = _MENTION.fullmatch(word)
    if mention is None:
        found = desk.agent_by_handle(word)
    elif request.workspace is None:
        found = None
    else:
        found = desk.agent_of(request.workspace, WorkspaceUserId(mention.group(1)))
    return found if found is not None and found.active else None


def the_agent(word: str, request: Request, desk: DeskView) -> Agent:
    """The agent so called. Refuses with the nearest name."""
    found = agent_called(word, request, desk)
    if found is None:
        handles = [agent.handle for agent in desk.agents if agent.active]
        near = nearest_of(word.removeprefix("@"), handles)
        if near:
            refuse("unknown_target_near", word=word, nearest=f"@{near}")
        refuse("unknown_target")
    return found


def queue_and_rest(text: str, desk: DeskView) -> tuple[Queue | None, str]:
    """The queue that a text begins with, by name or title, and what follows it."""
    word, rest = first_word(text)
    found = desk.queue_by_name(word) if word else None
    if found is not None:
        return found, rest
    parts = text.split()
    for count in range(min(len(parts), _LONGEST_NAME), 1, -1):
        found = desk.queue_by_name(" ".join(parts[:count]))
        if found is not None:
            return found, " ".join(parts[count:])
    return None, text


def the_queue(text: str, desk: DeskView) -> tuple[Queue, str]:
    """The queue so called and the rest. Refuses with the nearest name."""
    found, rest = queue_and_rest(text, desk)
    if found is None:
        word, _ = first_word(text)
        near = nearest_of(word, [queue.name for queue in desk.queues if queue.active])
        if near:
            refuse("unknown_queue_near", word=word, nearest=near)
        refuse("unknown_queue")
    return found, rest


def duration(word: str) -> int | None:
    """Milliseconds of `90s`, `3m`, `24h`, `7d`, `2w` (a bare number counts minutes)."""
    found = _DURATION.fullmatch(bare(word))
    if found is None or found.group(2) not in _UNITS:
        return None
    return int(found.group(1)) * _UNITS[found.group(2)]
