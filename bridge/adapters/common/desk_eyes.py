"""Asking the desk for what a form, a picker or a board shows; what one may not see is not there."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from bridge.domain.card import CardAction
from bridge.domain.errors import NotAuthorized, NotFound
from bridge.domain.ids import MINUTE, Instant, Language, ThreadRef, WorkspaceUserId
from bridge.domain.ticket import Ticket
from bridge.locales import best_language
from bridge.ports.clock import Clock
from bridge.ports.commands import ArgumentKind, WorkspaceUser
from bridge.ports.queries import (
    Actions,
    Choices,
    Complete,
    ConversationFilter,
    Conversations,
    ConversationView,
    History,
    Home,
    ListConversations,
    Query,
    Queues,
    ShowActions,
    ShowConversation,
    ShowEvents,
    ShowHome,
    ShowQueues,
    ShowTickets,
    Tickets,
    View,
)
from bridge.ports.workspace import WorkspaceSink

Shown = TypeVar("Shown", bound=View)

_REMEMBERED_FOR = 10 * MINUTE
_MOST = 2_000


LocaleOf = Callable[[WorkspaceUserId], Awaitable[str]]
"""What language a person set on his platform (`pt-BR`); empty where it does not say."""


class Desk(Protocol):
    """The desk as one workspace sees it; `sink` raises `StorageUnavailable` while it is away."""

    clock: Clock
    language: Language

    @property
    def sink(self) -> WorkspaceSink:
        """Whom to ask."""
        ...


class DeskEyes:
    """Reads for one person at a time."""

    def __init__(self, desk: Desk, locale_of: LocaleOf) -> None:
        """Nothing was asked yet."""
        self._desk = desk
        self._locale_of = locale_of
        self._languages: dict[str, tuple[str, Instant]] = {}

    async def _ask(self, query: Query, by: WorkspaceUser, kind: type[Shown]) -> Shown | None:
        try:
            view = await self._desk.sink.ask(query, by)
        except (NotAuthorized, NotFound):
            return None
        return view if isinstance(view, kind) else None

    async def home(self, by: WorkspaceUser) -> Home | None:
        """His home; None for who is no agent."""
        home = await self._ask(ShowHome(), by, Home)
        if home is not None:
            self._speaks(by.id, home.language)
        return home

    async def language(self, by: WorkspaceUser) -> str:
        """What he is addressed in: an agent's own, else his platform's, else the room's."""
        known = self._languages.get(by.id)
        if known is not None and self._desk.clock.now() - known[1] < _REMEMBERED_FOR:
            return known[0]
        home = await self.home(by)
        if home is not None:
            return home.language
        locale = await self._locale_of(by.id)
        spoken = best_language(locale) if locale else self._desk.language
        self._speaks(by.id, spoken)
        return spoken

    def _speaks(self, user: str, language: str) -> None:
        self._languages.pop(user, None)
        self._languages[user] = (language, self._desk.clock.now())
        while len(self._languages) > _MOST:
            del self._languages[next(iter(self._languages))]

    async def conversation(self, number: int, by: WorkspaceUser) -> ConversationView | None:
        """One conversation, with its last line."""
        return await self._ask(ShowConversation(number=number, limit=1), by, ConversationView)

    async def actions(
        self, number: int, thread: ThreadRef, by: WorkspaceUser
    ) -> tuple[CardAction, ...]:
        """The buttons of its card, for him."""
        found = await self._ask(ShowActions(number=number, thread=thread), by, Actions)
        return () if found is None else found.rows

    async def events(self, number: int, by: WorkspaceUser) -> History | None:
        """Its history."""
        return await self._ask(ShowEvents(number=number), by, History)

    async def tickets(self, number: int, by: WorkspaceUser) -> tuple[Ticket, ...]:
        """The cases of its contact, open ones first."""
        found = await self._ask(ShowTickets(number=number), by, Tickets)
        return () if found is None else found.rows

    async def choices(
        self, kind: ArgumentKind, by: WorkspaceUser, prefix: str = "", number: int | None = None
    ) -> Choices:
        """What an argument may be."""
        query = Complete(kind=kind, prefix=prefix, number=number)
        return await self._ask(query, by, Choices) or Choices(options=())

    async def queues(self, by: WorkspaceUser, queue: str | None = None) -> Queues | None:
        """The board of queues, or of one by its name."""
        return await self._ask(ShowQueues(queue=queue), by, Queues)

    async def conversations(
        self, filter_: ConversationFilter, by: WorkspaceUser
    ) -> Conversations | None:
        """Conversations, highest priority first."""
        return await self._ask(ListConversations(filter=filter_), by, Conversations)
