"""Makes one delivery's call: everything it names is looked up, then the adapter is asked."""

from collections.abc import Coroutine, Mapping

from bridge.delivery.answers import BotAnswers
from bridge.delivery.asking import Asking
from bridge.delivery.transcript import MOST_LINES, transcript
from bridge.domain.binding import Binding
from bridge.domain.delivery import (
    CloseThread,
    ConvertThread,
    DeleteLine,
    Delivery,
    DeliveryState,
    EditLine,
    MarkLine,
    OpenThread,
    PostLine,
    PostTranscript,
    ReactLine,
    Side,
    Whisper,
)
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import (
    BotId,
    ChannelId,
    ExternalId,
    Instant,
    ThreadRef,
    WorkspaceId,
)
from bridge.domain.message import Author, channel_scope, thread_scope
from bridge.engine.reading.cards import Cards
from bridge.engine.reading.lookup import Lookup
from bridge.engine.settle import Settled
from bridge.ports.bot import BotAdapter
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.channel import ChannelAdapter
from bridge.ports.failpoints import failpoint
from bridge.ports.workspace import BindingKey, Paced, WorkspaceAdapter

_CUSTOMER = Author.CUSTOMER
_LINES = (PostLine, EditLine, DeleteLine, ReactLine)
_ABOUT_THE_THREAD = (CloseThread, ConvertThread, PostTranscript)


class Adapters:
    """Every adapter of the desk, by its id."""

    def __init__(
        self,
        channels: Mapping[ChannelId, ChannelAdapter],
        workspaces: Mapping[WorkspaceId, WorkspaceAdapter],
        bots: Mapping[BotId, BotAdapter],
    ) -> None:
        """Keep them."""
        self.channels = channels
        self.workspaces = workspaces
        self.bots = bots


class Caller:
    """Turns a delivery into one call of an adapter. Raises the errors of `bridge.domain.errors`."""

    def __init__(
        self, adapters: Adapters, lookup: Lookup, cards: Cards, answers: BotAnswers
    ) -> None:
        """What it calls, and where it looks things up."""
        self._adapters = adapters
        self._lookup = lookup
        self._cards = cards
        self._asking = Asking(adapters.bots, lookup, answers)
        self._paced_by_id = {
            id_: each for id_, each in adapters.workspaces.items() if isinstance(each, Paced)
        }

    def call(self, delivery: Delivery, doubtful: bool = False) -> Coroutine[None, None, Settled]:
        """Make the call, `doubtful` when an earlier try may have had its effect."""
        since = delivery.created_at if doubtful else None
        if delivery.side is Side.CHANNEL:
            return self._to_channel(delivery, since)
        if delivery.side is Side.BOT:
            return self._asking.ask(delivery)
        return self._to_workspace(delivery, since)

    # --- workspaces that take only so many posts ----------------------------------------------

    def paces(self, delivery: Delivery) -> bool:
        """Whether this is a line for a workspace that wants to be asked before it is begun."""
        if not self._paced_by_id:
            return False
        return isinstance(delivery.body, PostLine) and self._paced(delivery) is not None

    async def ready(self, delivery: Delivery) -> bool:
        """Wait for this line's turn; true when posts are scarce."""
        paced = self._paced(delivery)
        binding = self._lookup.desk.bindings.get(delivery.binding) if delivery.binding else None
        if paced is None or binding is None or binding.thread is None:
            return False
        return await paced.ready(binding.thread)

    def longest(self, delivery: Delivery) -> int:
        """Characters that one post of this workspace holds."""
        return self._adapters.workspaces[WorkspaceId(delivery.place)].capabilities.max_text

    async def call_together(self, group: tuple[Delivery, ...]) -> tuple[Settled, ...]:
        """Post lines of one thread, of one speaker, as one message."""
        paced = self._paced(group[0])
        binding = await self._lookup.binding(group[0])
        if paced is None or binding.thread is None:
            return tuple(_unopened(delivery, binding) for delivery in group)
        scope = thread_scope(binding.id)
        calls = [await self._outbound(delivery, scope, None) for delivery in group]
        ids = await paced.post_together(binding.thread, [call for call in calls if call])
        return tuple(
            Settled(delivery=delivery, state=DeliveryState.SENT, external_ids=(external_id,))
            for delivery, external_id in zip(group, ids, strict=True)
        )

    def _paced(self, delivery: Delivery) -> Paced | None:
        if delivery.side is not Side.WORKSPACE:
            return None
        return self._paced_by_id.get(WorkspaceId(delivery.place))

    # --- customers --------------------------------------------------------------------------

    async def _to_channel(self, delivery: Delivery, doubtful: Instant | None) -> Settled:
        adapter = self._adapters.channels.get(ChannelId(delivery.place))
        if adapter is None or delivery.identity is None:
            raise DeliveryRejected(f"channel {delivery.place} is not configured", "no_channel")
        identity = await self._lookup.identity(delivery.identity)
        call = await self._outbound(delivery, channel_scope(adapter.channel_id), doubtful)
        if call is None:
            return _sent(delivery)
        sent = await adapter.send(identity.address, call)
        return Settled(
            delivery=delivery,
            state=DeliveryState.SENT,
            external_ids=sent.external_ids,
            addresses=sent.addresses,
            certain=sent.certain,
        )

    async def _outbound(
        self, delivery: Delivery, scope: str, doubtful: Instant | None
    ) -> OutboundCall | None:
        """The call as the adapter takes it; None when what it is about never got there."""
        key = f"d{delivery.id}"
        body = delivery.body
        if isinstance(body, PostLine):
            quoted = body.quoted
            return OutboundCall(
                key=key,
                kind=CallKind.POST,
                content=body.content,
                author=body.author,
                name=body.name,
                mentions=body.mentions,
                note=body.note,
                called=body.called,
                quoted=None if quoted is None else await self._lookup.external_id(quoted, scope),
                doubtful=doubtful,
            )
        if not isinstance(body, EditLine | DeleteLine | ReactLine):
            raise DeliveryRejected(f"{type(body).__name__} is no line", "not_supported")
        about = await self._lookup.external_id(
            body.message, scope, 0 if isinstance(body, ReactLine) else body.part
        )
        return None if about is None else _about(body, key, about)

    # --- agents -----------------------------------------------------------------------------

    async def _to_workspace(self, delivery: Delivery, doubtful: Instant | None) -> Settled:
        adapter = self._adapters.workspaces.get(WorkspaceId(delivery.place))
        if adapter is None:
            raise DeliveryRejected(f"workspace {delivery.place} is not configured", "no_workspace")
        binding = await self._lookup.binding(delivery)
        body = delivery.body
        thread = binding.thread
        if thread is not None and isinstance(body, _LINES):  # as nearly every call is
            scope = thread_scope(binding.id)
            return await self._post(adapter, delivery, thread, scope, doubtful)
        if isinstance(body, OpenThread):
            return await self._open(adapter, delivery, body, binding, doubtful)
        if isinstance(body, Whisper):
            return await self._whisper(adapter, delivery, body, binding)
        if thread is None:
            return _unopened(delivery, binding)
        await self._about_thread(adapter, delivery, binding, thread, doubtful)
        return _sent(delivery)

    async def _open(
        self,
        adapter: WorkspaceAdapter,
        delivery: Delivery,
        body: OpenThread,
        binding: Binding,
        doubtful: Instant | None,
    ) -> Settled:
        conversation = await self._lookup.conversation(delivery.conversation)
        card = await self._cards.draw(conversation, binding)
        key = BindingKey(
            id=binding.id,
            number=conversation.number,
            purpose=binding.purpose,
            doubtful=doubtful,
        )
        thread = await adapter.open_thread(key, binding.room, card, body.members)
        return Settled(delivery=delivery, state=DeliveryState.SENT, thread=thread)

    async def _whisper(
        self, adapter: WorkspaceAdapter, delivery: Delivery, body: Whisper, binding: Binding
    ) -> Settled:
        key = f"d{delivery.id}"
        await adapter.whisper(body.user, binding.thread, body.text, body.offers, key)
        return _sent(delivery)

    async def _about_thread(
        self,
        adapter: WorkspaceAdapter,
        delivery: Delivery,
        binding: Binding,
        thread: ThreadRef,
        doubtful: Instant | None,
    ) -> None:
        match delivery.body:
            case ConvertThread():
                await adapter.convert_thread(thread)
            case CloseThread(hide=hide):
                conversation = await self._lookup.conversation(delivery.conversation)
                card = await self._cards.draw(conversation, binding)
                await adapter.close_thread(thread, card, hide)
            case MarkLine(message=message, mark=mark, removed=removed):
                line = await self._lookup.external_id(message, thread_scope(binding.id))
                if line is not None:
                    await adapter.mark(thread, line, mark, removed)
            case PostTranscript():
                await self._post_transcript(adapter, delivery, delivery.body, thread, doubtful)
            case body:
                raise DeliveryRejected(f"{type(body).__name__} is for no thread", "not_supported")

    async def _post(
        self,
        adapter: WorkspaceAdapter,
        delivery: Delivery,
        thread: ThreadRef,
        scope: str,
        doubtful: Instant | None,
    ) -> Settled:
        call = await self._outbound(delivery, scope, doubtful) or _anew(delivery)
        if call is None:
            return _sent(delivery)
        posted = await adapter.post(thread, call)
        ids: tuple[ExternalId, ...] = () if posted is None else (posted,)
        return Settled(delivery=delivery, state=DeliveryState.SENT, external_ids=ids)

    async def _post_transcript(
        self,
        adapter: WorkspaceAdapter,
        delivery: Delivery,
        body: PostTranscript,
        thread: ThreadRef,
        doubtful: Instant | None,
    ) -> None:
        lines = await self._lookup.reads.lines(delivery.conversation, body.up_to, MOST_LINES)
        place = self._lookup.desk.places.workspaces[adapter.workspace_id]
        for part, content in enumerate(transcript(lines, place.capabilities, place.language)):
            call = OutboundCall(
                key=f"d{delivery.id}.{part}",
                kind=CallKind.POST,
                content=content,
                author=Author.SYSTEM,
                name=self._lookup.desk.options.brand,
                doubtful=doubtful,
            )
            await adapter.post(thread, call)
            failpoint("transcript.posted")


def _sent(delivery: Delivery) -> Settled:
    return Settled(delivery=delivery, state=DeliveryState.SENT)


def _unopened(delivery: Delivery, binding: Binding) -> Settled:
    """What waited behind a thread that was given up: the next one's transcript has its lines.

    Where nothing was opened there is nothing to close, to convert or to tell either.
    """
    if binding.closed_at is None and not isinstance(delivery.body, _ABOUT_THE_THREAD):
        raise DeliveryRejected("its thread was never opened", "no_thread")
    return Settled(delivery=delivery, state=DeliveryState.CANCELLED)


def _anew(delivery: Delivery) -> OutboundCall | None:
    """A change to a line that stands in the thread only within its transcript is posted anew."""
    body = delivery.body
    if not isinstance(body, EditLine):
        return None
    return OutboundCall(
        key=f"d{delivery.id}",
        kind=CallKind.POST,
        content=body.content,
        author=body.author,
        name=f"{body.name} ✎",
    )


def _about(
    body: EditLine | DeleteLine | ReactLine, key: str, external_id: ExternalId
) -> OutboundCall:
    match body:
        case EditLine():
            return OutboundCall(
                key=key,
                kind=CallKind.EDIT,
                content=body.content,
                author=body.author,
                name=body.name,
                external_id=external_id,
            )
        case DeleteLine():
            return OutboundCall(key=key, kind=CallKind.DELETE, external_id=external_id)
        case ReactLine():
            return OutboundCall(
                key=key,
                kind=CallKind.UNREACT if body.removed else CallKind.REACT,
                name=body.name,
                emoji=body.emoji,
                external_id=external_id,
            )
