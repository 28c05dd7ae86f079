"""Says an event of our history as a sentence."""

from collections import Counter
from collections.abc import Mapping
from string import Formatter
from types import MappingProxyType

from bridge.commands.speech import spoken
from bridge.domain.events import Actor, Event
from bridge.locales import DEFAULT, LANGUAGES, catalogue, say
from bridge.routing.facts import Refusal, Standing

_NOT_KNOWN = "–"
_AS_KEPT: Mapping[str, str] = MappingProxyType({})


def sentence(event: Event, language: str, channels: Mapping[str, str] = _AS_KEPT) -> str:
    """What happened, by whom and why, in the reader's language.

    The history outlives its sentences: a name that an old event did not keep shows as a dash.
    `channels` are what channels are called in that language, by the names that events keep.
    """
    texts = catalogue(language if language in LANGUAGES else DEFAULT)
    by_cause = f"event_by.{event.kind}.{event.cause}"
    key = by_cause if by_cause in texts else f"event.{event.kind}"
    data = dict.fromkeys(_names(texts[key]), _NOT_KNOWN) | _kept(event, language)
    if (kept := str(data.get("channel", ""))) in channels:
        data["channel"] = channels[kept]
    text = _capital(say(language, key, **data)) + _because(event, data, language)
    if key == by_cause or not event.cause:
        return text
    return f"{text} ({_cause(event.cause, language)})"


def actor_name(actor: Actor, language: str) -> str:
    """The actor's name, or what he is."""
    return actor.name or say(language, f"actor.{actor.kind}")


def billed_words(billed: Mapping[str, int], language: str) -> str:
    """What the platform bills of a conversation; empty when that is nothing."""
    if not billed:
        return ""
    texts = catalogue(language if language in LANGUAGES else DEFAULT)
    named = [
        f"{count} × {texts.get(f'billed.category.{category}', category)}"
        for category, count in billed.items()
    ]
    return say(language, "billed.words", count=sum(billed.values()), categories=", ".join(named))


def _because(event: Event, data: Mapping[str, object], language: str) -> str:
    """What was compared when distribution chose somebody."""
    reason = event.data.get("because", "")
    key = f"because.{reason}"
    if key not in catalogue(language if language in LANGUAGES else DEFAULT):
        return ""
    return f" ({say(language, key, **data)})"


def standing_words(standing: Standing, language: str) -> str:
    """Why it still waits: its place, and what speaks against the agents who could have it."""
    counts = Counter(standing.refusals.values())
    reasons = [
        say(language, f"standing.{refusal.value}", count=counts[refusal])
        for refusal in Refusal
        if counts[refusal]
    ]
    if not reasons:
        return say(language, "standing.nobody", place=standing.place)
    return say(language, "standing.words", place=standing.place, reasons=", ".join(reasons))


def _kept(event: Event, language: str) -> dict[str, object]:
    kept = {name: value for name, value in event.data.items() if value}
    return spoken(kept, language) | {"actor": actor_name(event.actor, language)}


def _names(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name]


def _cause(cause: str, language: str) -> str:
    """A cause of ours in words; a reason that somebody gave, as he gave it."""
    key = f"cause.{cause}"
    known = catalogue(language if language in LANGUAGES else DEFAULT)
    return say(language, key) if key in known else cause


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
