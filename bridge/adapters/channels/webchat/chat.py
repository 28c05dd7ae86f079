"""What visitors do: every line goes to the core and into the visitor's journal, in one step.

Both are on disk before the browser has its answer, or neither: a line that the core has is in
the history of whoever wrote it.
"""

import asyncio
from uuid import UUID

from bridge.adapters.channels.webchat import inbound, lines
from bridge.adapters.channels.webchat.files import VisitorFiles
from bridge.adapters.channels.webchat.streams import Streams
from bridge.adapters.channels.webchat.wire import EditedMessage, EndedChat, NewMessage, Refusal
from bridge.domain.ids import Address, ChannelId
from bridge.domain.message import Receipt
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.channel import ChannelSink
from bridge.ports.clock import Clock

_MARKS = {Receipt.DELIVERED: "received", Receipt.READ: "read"}
_RECEIPTS = 200
"""How many lines one mark reports at most: what is older was on no screen."""


def marks_of(address: Address) -> list[tuple[str, str]]:
    """The documents that say how far a visitor has read."""
    return [(collection, address) for collection in _MARKS.values()]


class Chat:
    """The conversations of all visitors of one channel, as the visitors act in them."""

    def __init__(
        self,
        *,
        channel: ChannelId,
        sink: ChannelSink,
        store: AdapterStore,
        files: VisitorFiles,
        streams: Streams,
        clock: Clock,
        max_text: int,
    ) -> None:
        """Nothing happens before the first request."""
        self._channel = channel
        self._sink = sink
        self._store = store
        self._files = files
        self._streams = streams
        self._clock = clock
        self._max_text = max_text

    async def write(self, address: Address, message: NewMessage) -> None:
        """Take a line; the same id again changes nothing."""
        sent = message.files
        inbound.checked_text(message.text, self._max_text, may_be_empty=bool(sent))
        files = await self._files.sending(address, sent) if sent else ()
        now = self._clock.now()
        event = inbound.received(self._channel, address, message, files, now)
        line = inbound.own_line(message, event, now)
        entry = self._store.entry(address, line.id, lines.body(lines.MESSAGE, line))
        await self._sink.accept(event, entry)

    async def edit(self, address: Address, line: UUID, edit: EditedMessage) -> None:
        """Change the words of a line of this visitor."""
        inbound.checked_text(edit.text, self._max_text)
        await self._own(address, line)
        event = inbound.edited(self._channel, address, line, edit)
        change = lines.Change(id=str(line), text=event.content.text)
        entry = self._store.entry(address, f"e{edit.id}", lines.body(lines.EDIT, change))
        await self._sink.accept(event, entry)

    async def delete(self, address: Address, line: UUID) -> None:
        """Take a line of this visitor back."""
        await self._own(address, line)
        removal = lines.body(lines.DELETE, lines.Removal(id=str(line)))
        entry = self._store.entry(address, f"d{line}", removal)
        await self._sink.accept(inbound.deleted(self._channel, address, line), entry)

    async def end(self, address: Address, ended: EndedChat) -> None:
        """The visitor is done with this conversation; the same id again changes nothing."""
        mark = lines.Ended(id=str(ended.id), at=self._clock.now())
        entry = self._store.entry(address, f"x{ended.id}", lines.body(lines.ENDED, mark))
        await self._sink.accept(inbound.left(self._channel, address, ended), entry)

    async def received(self, address: Address, up_to: int) -> None:
        """Everything up to this event came to the visitor's browser: tell the core."""
        marks = await self.marks(address)
        await self._report(address, max(marks.received, marks.read), up_to, Receipt.DELIVERED)

    async def read(self, address: Address, up_to: int) -> None:
        """Everything up to this event was seen: tell the core, and the visitor's other tabs."""
        marks = await self.marks(address)
        last = await self._report(address, marks.read, up_to, Receipt.READ)
        if last:
            self._streams.publish(address, lines.passing("read", lines.Read(seq=last)))

    async def _report(self, address: Address, before: int, up_to: int, what: Receipt) -> int:
        """Report the lines of ours between; the last event among them, 0 when there is none."""
        if up_to <= before:
            return 0
        entries = await self._store.tail(address, up_to + 1, _RECEIPTS)
        fresh = [entry for entry in entries if entry.seq > before]
        if not fresh:
            return 0
        ours = (line for line in map(lines.ours, fresh) if line is not None)
        events = (inbound.receipt(self._channel, address, line, what) for line in ours)
        await asyncio.gather(*map(self._sink.accept, events))
        last = fresh[-1].seq
        await self._store.put(_MARKS[what], address, str(last).encode())
        return last

    async def marks(self, address: Address) -> lines.Marks:
        """The last events that are known to have come, and to have been on the screen."""
        received = int(await self._store.get(_MARKS[Receipt.DELIVERED], address) or b"0")
        read = int(await self._store.get(_MARKS[Receipt.READ], address) or b"0")
        return lines.Marks(received=received, read=read)

    async def typing(self, address: Address) -> None:
        """The visitor is typing."""
        await self._sink.typing(address)

    async def _own(self, address: Address, line: UUID) -> None:
        if await self._store.find_entry(address, str(line)) is None:
            raise Refusal(404, "not_found", "There is no such message.")
