"""What a desk writes and reads, on a short and on a long past by turns, without HTTP."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle, islice
from random import Random

from bridge.app.storing import Database
from bridge.bench.history import block
from bridge.bench.history.places import opened
from bridge.bench.history.server import Server, between
from bridge.bench.history.turns import Pair, compared, order
from bridge.bench.orders import Past, Pasts
from bridge.bench.tasks.seeding import SITE, START
from bridge.domain.delivery import DeliveryState
from bridge.domain.ids import DAY, Address, Instant, MessageId
from bridge.ports.queries import ConversationFilter
from bridge.ports.store import Changes, Needs

_ROWS, _KNOWN, _PAGE, _FEW = 64, 16, 50, 500


async def looks(asked: Pasts) -> dict[str, list[float]]:
    """For each look its CPU on the long past over that on the short one, and its CPU there.

    PostgreSQL's processes count, too, where they are on this machine. The first round only fills
    caches and prepares statements.
    """
    found: dict[str, Pair] = {name: ([], []) for name in LOOKS}
    async with _desk(asked.short) as short, _desk(asked.long) as long:
        for turn in range(asked.rounds + 1):
            for name, took in found.items():
                for at in order(turn):
                    seconds = await (short, long)[at].look(name)
                    if turn:
                        took[at].append(seconds)
    return compared(found)


class _Desk:
    """One database and what goes on in it."""

    def __init__(self, database: Database, live: block.Live, hours: int, server: Server) -> None:
        self._store, self._reads = database.store, database.reads
        self._live = live
        self._hours = hours
        self._server = server
        self._random = Random(1)
        self._middle: MessageId | None = None
        self._deep: MessageId | None = None

    async def prepare(self) -> None:
        """Find the middle and the beginning of the long conversation."""
        lines = await self._reads.lines(self._live.long.id, None, block.LONG)
        self._middle, self._deep = lines[len(lines) // 2].id, lines[_PAGE].id

    async def look(self, name: str) -> float:
        """CPU seconds of one such look, at the mean of some."""
        do, times = LOOKS[name]
        theirs, ours = await self._server.used(), time.process_time()
        for _ in range(times):
            await do(self)
        ours = time.process_time() - ours
        return (ours + between(theirs, await self._server.used())) / times

    def _somebody(self) -> tuple[int, int]:
        """A customer of any time: his hour, and his place in it."""
        return self._random.randrange(self._hours), self._random.randrange(block.CONVERSATIONS)

    # --- looks ------------------------------------------------------------------------------

    async def write(self) -> None:
        """A batch of lines, and of what else comes in with them."""
        changes = Changes()
        self._live.past.lines(changes, islice(cycle(self._live.active), _ROWS))
        self._live.past.known(changes, _KNOWN)
        await self._store.commit(changes)

    async def facts(self) -> None:
        """What the engine asks when customers of the past write again."""
        who = (Address(block.address(*self._somebody())) for _ in range(_ROWS))
        facts = await self._store.load(Needs(addresses=frozenset((SITE, each) for each in who)))
        assert facts.identities

    async def page(self) -> None:
        """The newest lines of a long conversation."""
        await self._page(None)

    async def page_middle(self) -> None:
        """Lines from its middle."""
        await self._page(self._middle)

    async def page_deep(self) -> None:
        """Its oldest lines."""
        await self._page(self._deep)

    async def old(self) -> None:
        """A conversation of the past with all that is shown of it."""
        found = await self._reads.conversation(block.number(*self._somebody()))
        assert found is not None
        assert await self._reads.lines(found.id, None, _PAGE)
        await self._reads.bindings(found.id)
        await self._reads.billed(found.id)
        await self._reads.tickets(found.contact)
        await self._reads.contacts([found.contact])

    async def events(self) -> None:
        """The history of a conversation of the past."""
        found = await self._reads.conversation(block.number(*self._somebody()))
        assert found is not None
        assert await self._reads.events(found.id)

    async def list(self) -> None:
        """`/conversations`."""
        await self._list(ConversationFilter())

    async def list_deep(self) -> None:
        """A page in the middle of the list of all that is over."""
        await self._list(ConversationFilter(before=block.number(self._hours // 2, 0)))

    async def list_queue(self) -> None:
        """Those of a queue that seldom has one."""
        await self._list(ConversationFilter(queue=block.SELDOM_QUEUE))

    async def list_channel(self) -> None:
        """Those of a channel that seldom has one."""
        await self._list(ConversationFilter(channel=block.SELDOM_CHANNEL))

    async def list_agent(self) -> None:
        """Those of an agent."""
        await self._list(ConversationFilter(agent=block.AGENT))

    async def list_since(self) -> None:
        """Those of the last day."""
        await self._list(ConversationFilter(since=Instant(START - DAY), limit=_FEW))

    async def search(self) -> None:
        """One customer of the past by his name."""
        name = f"no. {block.address(*self._somebody()).removeprefix(block.KIND)}"
        await self._list(ConversationFilter(text=name))

    async def failed(self) -> None:
        """Promises that were not kept."""
        await self._reads.deliveries((DeliveryState.DEAD, DeliveryState.UNKNOWN), _PAGE)

    async def start(self) -> None:
        """What is read at a start."""
        await self._store.open_desk()
        await self._store.open_deliveries()

    async def _page(self, before: MessageId | None) -> None:
        page = await self._reads.lines(self._live.long.id, before, _PAGE)
        assert len(page) == _PAGE

    async def _list(self, where: ConversationFilter) -> None:
        """With what is shown of each."""
        found = await self._reads.conversations(where)
        await self._reads.last_lines([each.id for each in found])
        await self._reads.identities([each.identity for each in found])


LOOKS: Mapping[str, tuple[Callable[[_Desk], Awaitable[None]], int]] = {
    "write": (_Desk.write, 4),
    "facts": (_Desk.facts, 4),
    "page": (_Desk.page, 20),
    "page_middle": (_Desk.page_middle, 20),
    "page_deep": (_Desk.page_deep, 20),
    "old": (_Desk.old, 10),
    "events": (_Desk.events, 10),
    "list": (_Desk.list, 5),
    "list_deep": (_Desk.list_deep, 5),
    "list_queue": (_Desk.list_queue, 5),
    "list_channel": (_Desk.list_channel, 5),
    "list_agent": (_Desk.list_agent, 5),
    "list_since": (_Desk.list_since, 1),
    "search": (_Desk.search, 1),
    "failed": (_Desk.failed, 20),
    "start": (_Desk.start, 2),
}
"""By what their figures are called, and how often each is done in a round."""


@asynccontextmanager
async def _desk(past: Past) -> AsyncIterator[_Desk]:
    """It lives through its last hour first."""
    async with AsyncExitStack() as undo:
        database = await undo.enter_async_context(opened(past))
        live = await block.present(database.store, past.hours)
        server = await Server.of(past.database_url)
        undo.push_async_callback(server.close)
        desk = _Desk(database, live, past.hours, server)
        await desk.prepare()
        yield desk
