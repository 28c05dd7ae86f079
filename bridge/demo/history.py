"""What the desk wrote down since, in the words of every language, for the line at the bottom."""

from collections.abc import Mapping

from bridge.app import App
from bridge.commands.history import sentence
from bridge.domain.events import ActorKind, Event, EventKind
from bridge.domain.ids import ConversationId, EventId, Instant, Language
from bridge.domain.value import Value
from bridge.locales import LANGUAGES

_PAGE = 500


class Happened(Value):
    """One event as the page shows it; `old` ones were there before the page was."""

    id: EventId
    at: Instant
    kind: str
    actor: str
    words: Mapping[str, str]
    number: int | None = None
    customer: str = ""
    old: bool = False


class About(Value):
    """The conversation that an event is about."""

    number: int
    customer: str


class History:
    """Reads the desk's own history; how the set-up and the page change it is no story."""

    def __init__(self, app: App) -> None:
        """Nothing is read yet."""
        self._reads = app.parts.database.reads
        self._places = app.parts.engine.desk.places
        self._known: dict[ConversationId, About | None] = {}

    async def since(self, after: int, *, old: bool = False) -> list[Happened]:
        """Everything after this event, oldest first."""
        found: list[Happened] = []
        while page := await self._reads.desk_events(after, _PAGE):
            found += [await self._shown(event, old) for event in page if _is_story(event)]
            after = page[-1].id
        return found

    async def _shown(self, event: Event, old: bool) -> Happened:
        about = None if event.conversation is None else await self._about(event.conversation)
        return Happened(
            id=event.id,
            at=event.at,
            kind=event.kind.value,
            actor=event.actor.kind.value,
            words={
                language: sentence(event, language, self._places.channels_in(Language(language)))
                for language in LANGUAGES
            },
            number=None if about is None else about.number,
            customer="" if about is None else about.customer,
            old=old,
        )

    async def _about(self, conversation: ConversationId) -> About | None:
        if conversation not in self._known:
            self._known[conversation] = await self._look_up(conversation)
        return self._known[conversation]

    async def _look_up(self, conversation: ConversationId) -> About | None:
        found = await self._reads.find(conversation)
        if found is None:
            return None
        identities = await self._reads.identities([found.identity])
        identity = identities.get(found.identity)
        return About(number=found.number, customer="" if identity is None else identity.name)


def _is_story(event: Event) -> bool:
    if event.kind is EventKind.AGENT_CHANGED and event.data.get("changed") == "language":
        return False  # the page does that whenever somebody signs in
    return event.actor.kind is not ActorKind.OPERATOR
