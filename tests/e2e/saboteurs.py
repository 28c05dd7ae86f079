"""One fault for every row of the feature table, each planted where a real one could sit.

A saboteur is an adapter like any other, built by its plugin: the desk around it is the real one.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import msgspec
from aiohttp import web

from bridge.adapters.bots.menu.adapter import MenuBot
from bridge.adapters.channels.webchat.adapter import WebChat
from bridge.adapters.channels.whatsapp.adapter import WhatsApp
from bridge.adapters.workspaces.local.adapter import LocalWorkspace
from bridge.domain.card import ConversationCard
from bridge.domain.content import text_content
from bridge.domain.conversation import State
from bridge.domain.delivery import BotEventKind
from bridge.domain.events import EventKind
from bridge.domain.ids import Address, ExternalId, RoomRef, ThreadRef, WorkspaceUserId
from bridge.domain.message import Author
from bridge.ports.bot import BotCall, BotReply
from bridge.ports.calls import CallKind, OutboundCall, Sent
from bridge.ports.channel import Accepted, ChannelEvent, ChannelSink, MessageReceived
from bridge.ports.commands import Answer, ArgumentKind, CommandInvoked, CommandSpec, WorkspaceUser
from bridge.ports.plugin import AdapterContext
from bridge.ports.queries import Choices, Complete, Conversations, History, Home, Query, View
from bridge.ports.store import JournalEntry
from bridge.ports.workspace import (
    BindingKey,
    ConnectionChanged,
    WorkspaceEvent,
    WorkspaceSink,
)
from bridge.settings import Settings

# --- the agents' side ---------------------------------------------------------------------------


class PassingSink:
    """Hands everything on as it is."""

    def __init__(self, sink: WorkspaceSink) -> None:
        self.sink = sink

    async def accept(self, event: WorkspaceEvent) -> Accepted:
        return await self.sink.accept(event)

    async def invoke(self, command: CommandInvoked) -> Answer:
        return await self.sink.invoke(command)

    async def ask(self, query: Query, by: WorkspaceUser) -> View:
        return await self.sink.ask(query, by)

    async def typing(self, thread: ThreadRef, by: WorkspaceUser) -> None:
        await self.sink.typing(thread, by)

    def changes(self) -> AsyncIterator[str]:
        return self.sink.changes()


class Swallows(PassingSink):
    """Says that a command was carried out, and never hands it on."""

    def __init__(self, sink: WorkspaceSink, command: str, words: str) -> None:
        super().__init__(sink)
        self._command = command
        self._words = words

    async def invoke(self, command: CommandInvoked) -> Answer:
        if command.command == self._command and self._words in command.text:
            return Answer(ok=True, code="ok", text=())
        return await super().invoke(command)


class Hides(PassingSink):
    """Leaves something out of what is shown."""

    def __init__(self, sink: WorkspaceSink, without: Callable[[View, Query], View]) -> None:
        super().__init__(sink)
        self._without = without

    async def ask(self, query: Query, by: WorkspaceUser) -> View:
        return self._without(await super().ask(query, by), query)


class NobodyConnects(PassingSink):
    """Never tells that a page was opened."""

    async def accept(self, event: WorkspaceEvent) -> Accepted:
        if isinstance(event, ConnectionChanged):
            return Accepted()
        return await super().accept(event)


Tamper = Callable[[WorkspaceSink], WorkspaceSink]


def swallows(command: str, words: str = "") -> Tamper:
    """See `Swallows`."""
    return lambda sink: Swallows(sink, command, words)


def hides(without: Callable[[View, Query], View]) -> Tamper:
    """See `Hides`."""
    return lambda sink: Hides(sink, without)


def nobody_waits(view: View, _query: Query) -> View:
    return msgspec.structs.replace(view, waiting=()) if isinstance(view, Home) else view


def nothing_of_others(view: View, _query: Query) -> View:
    """The board lacks what somebody else holds."""
    if not isinstance(view, Conversations):
        return view
    rows = tuple(row for row in view.rows if row.state is not State.ASSIGNED or row.agent == "ana")
    return Conversations(rows=rows, next=view.next)


def no_queues_to_choose(view: View, query: Query) -> View:
    asked = isinstance(query, Complete) and query.kind is ArgumentKind.QUEUE
    return Choices(options=()) if asked else view


def nobody_was_assigned(view: View, _query: Query) -> View:
    if not isinstance(view, History):
        return view
    pairs = [
        (event, sentence)
        for event, sentence in zip(view.events, view.sentences, strict=True)
        if event.kind is not EventKind.ASSIGNED
    ]
    return History(
        number=view.number,
        events=tuple(event for event, _ in pairs),
        sentences=tuple(sentence for _, sentence in pairs),
    )


def tampered(tamper: Tamper) -> type[LocalWorkspace]:
    """A workspace whose line to the desk goes through somebody's hands."""

    class TamperedWorkspace(LocalWorkspace):
        async def start(self, sink: WorkspaceSink, commands: Sequence[CommandSpec]) -> None:
            await super().start(tamper(sink), commands)

    return TamperedWorkspace


class NobodySignsIn(LocalWorkspace):
    """The form for signing in leads nowhere."""

    def routes(self) -> Iterable[web.RouteDef]:
        for route in super().routes():
            if (route.method, route.path) != ("POST", "/desk/sign-in"):
                yield route


class NeverCloses(LocalWorkspace):
    """A thread is not told that it has ended."""

    async def close_thread(self, thread: ThreadRef, card: ConversationCard, hide: bool) -> None:
        pass


class AnonymousCards(LocalWorkspace):
    """Cards do not say whose they are."""

    async def open_thread(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: tuple[WorkspaceUserId, ...],
    ) -> ThreadRef:
        return await super().open_thread(binding, room, _anonymous(card), members)

    async def redraw(self, thread: ThreadRef, card: ConversationCard) -> None:
        await super().redraw(thread, _anonymous(card))


def _anonymous(card: ConversationCard) -> ConversationCard:
    return msgspec.structs.replace(card, agent="", queue="")


# --- the customers' side ------------------------------------------------------------------------


class WatchingSink:
    """Hands everything on, and tells of every customer who has written."""

    def __init__(self, sink: ChannelSink, wrote: Callable[[Address], Awaitable[None]]) -> None:
        self._sink = sink
        self._wrote = wrote

    async def accept(self, event: ChannelEvent, entry: JournalEntry | None = None) -> Accepted:
        accepted = await self._sink.accept(event, entry)
        if isinstance(event, MessageReceived):
            await self._wrote(event.address)
        return accepted

    async def typing(self, address: Address) -> None:
        await self._sink.typing(address)


class TalkativeChat(WebChat):
    """Something like a bot answers whatever is said, also to a person."""

    async def start(self, sink: ChannelSink) -> None:
        await super().start(WatchingSink(sink, self._answer))

    async def _answer(self, to: Address) -> None:
        call = OutboundCall(
            key=f"talk{uuid4().hex}",
            kind=CallKind.POST,
            content=text_content("Did you know our menu?"),
            author=Author.BOT,
            name="Bot",
        )
        await self.send(to, call)


class LosesReplies(WebChat):
    """Says that an agent's line was sent, and loses it."""

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        if call.author is Author.AGENT:
            return Sent(external_ids=(ExternalId(f"{to}/lost{call.key}"),))
        return await super().send(to, call)


class LosingNumber(WhatsApp):
    """Says that a template was sent, and loses it, if it is one of a certain sort."""

    async def start(self, sink: ChannelSink) -> None:
        self._writers: set[Address] = set()
        await super().start(WatchingSink(sink, self._remember))

    async def _remember(self, writer: Address) -> None:
        self._writers.add(writer)

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        template = None if call.content is None else call.content.template
        if template is not None and self.loses(to in self._writers):
            return Sent(external_ids=(ExternalId(f"wamid.lost{call.key}"),))
        return await super().send(to, call)

    def loses(self, wrote: bool) -> bool:
        raise NotImplementedError


class LosesTemplates(LosingNumber):
    def loses(self, wrote: bool) -> bool:
        return wrote


class LosesFirstTemplates(LosingNumber):
    def loses(self, wrote: bool) -> bool:
        return not wrote


# --- the bot ------------------------------------------------------------------------------------


class ForgetfulBot(MenuBot):
    """Has nothing to say to a customer who was with a person."""

    async def start(self) -> None:
        self._returned: set[str] = set()
        await super().start()

    async def ask(self, call: BotCall) -> BotReply:
        if call.kind is BotEventKind.HANDOFF_RETURNED:
            self._returned.add(call.session)
        if call.session in self._returned:
            return BotReply()
        return await super().ask(call)


# --- planting -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong, and the adapter that is wrong so."""

    says: str
    workspace: type[LocalWorkspace] | None = None
    channel: type[WebChat] | None = None
    number: type[WhatsApp] | None = None
    bot: type[MenuBot] | None = None


FAULTS: Mapping[int, Fault] = {
    1: Fault(says="the form for signing in leads nowhere", workspace=NobodySignsIn),
    2: Fault(says="watching is swallowed", workspace=tampered(swallows("watch"))),
    3: Fault(says="“off” is swallowed", workspace=tampered(swallows("available", "off"))),
    4: Fault(says="nobody is listed as waiting", workspace=tampered(hides(nobody_waits))),
    5: Fault(says="something talks over the person", channel=TalkativeChat),
    6: Fault(says="a thread is not told that it has ended", workspace=NeverCloses),
    7: Fault(says="replies are lost on the way", channel=LosesReplies),
    8: Fault(says="the bot is silent after a person", bot=ForgetfulBot),
    9: Fault(says="the board lacks others' work", workspace=tampered(hides(nothing_of_others))),
    10: Fault(says="no queue is offered", workspace=tampered(hides(no_queues_to_choose))),
    11: Fault(says="nobody is seen to connect", workspace=tampered(NobodyConnects)),
    12: Fault(says="templates are lost on the way", number=LosesTemplates),
    13: Fault(says="a first template is lost on the way", number=LosesFirstTemplates),
    14: Fault(says="tickets are swallowed", workspace=tampered(swallows("ticket"))),
    15: Fault(says="cards do not say whose they are", workspace=AnonymousCards),
    16: Fault(says="priorities are swallowed", workspace=tampered(swallows("priority"))),
    17: Fault(
        says="the history leaves assignments out", workspace=tampered(hides(nobody_was_assigned))
    ),
}


AnyEntry = Any  # three sorts of entries, each with its own types
Build = Callable[[Any, AdapterContext], Any]  # each kind of adapter has settings of its own


def plant(settings: Settings, fault: Fault) -> Settings:
    """The same settings, with a faulty adapter in the place of the sound one."""
    return replace(
        settings,
        workspaces=_rebuilt(settings.workspaces, fault.workspace),
        channels=_rebuilt(
            _rebuilt(settings.channels, fault.channel, "webchat"), fault.number, "whatsapp"
        ),
        bots=_rebuilt(settings.bots, fault.bot),
    )


def _rebuilt(
    entries: Mapping[str, AnyEntry], build: Build | None, kind: str = ""
) -> Mapping[str, AnyEntry]:
    """All of them, or those of one kind."""
    if build is None:
        return entries
    return {
        name: replace(entry, plugin=replace(entry.plugin, build=build))
        if kind in ("", entry.plugin.kind)
        else entry
        for name, entry in entries.items()
    }
