"""A customer is named by a conversation's number, an address, an id, or looked for by his name."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bridge.app.customers.belongings import Belongings, Memories, belongings, threads_in
from bridge.app.customers.exporting import exported
from bridge.app.customers.walking import Walk
from bridge.app.storing import Database, backups
from bridge.delivery.calling import Adapters
from bridge.domain.erasure import Erasure
from bridge.domain.ids import Address, ChannelId, ContactId, ThreadRef
from bridge.ports.personal import KeepsOfCustomers
from bridge.ports.store import Needs
from bridge.ports.workspace import LinksThreads
from bridge.web.api.contacts import Known, Remains, Thread

_MOST = 50
_LINES = 500
_AT_ONCE = 4
_SEPARATORS = str.maketrans("", "", " -().")


class Customers:
    """See `bridge.web.api.contacts.Customers`."""

    def __init__(
        self, database: Database, adapters: Adapters, copies: Callable[[], Sequence[str]]
    ) -> None:
        """Of this desk; `copies` names those that migrations have made of its database."""
        self._copies = copies
        self._database = database
        self._adapters = adapters
        self._memories = Memories(adapters)
        self._exports: dict[str, AsyncIterator[Mapping[str, object]]] = {}

    # --- who is meant -----------------------------------------------------------------------

    async def named(self, who: str) -> Sequence[Known]:
        """Whom this names exactly; several when more than one channel knows the address."""
        return await self._known(await self._exactly(who.strip()))

    async def find(self, text: str) -> Sequence[Known]:
        """The same, and whose name or known address has it in it."""
        found = list(await self._exactly(text.strip()))
        like = await self._database.personal.find(text, _MOST)
        found += [_contact(row["contact"]) for row in like if row["merged"] is None]
        return await self._known(found[:_MOST])

    async def _exactly(self, who: str) -> Iterable[ContactId]:
        if who.startswith("#"):
            return await self._of_number(who[1:])
        by_id: list[ContactId] = []
        if _is_number(who):
            known = await self._database.reads.contacts([ContactId(int(who))])
            by_id = list(known)
        return [*by_id, *await self._at(who)]

    async def _of_number(self, number: str) -> Iterable[ContactId]:
        if not _is_number(number):
            return ()
        talk = await self._database.reads.conversation(int(number))
        if talk is None:
            return ()
        people = await self._database.reads.identities([talk.identity])
        return [each.contact for each in people.values()]

    async def _at(self, who: str) -> Iterable[ContactId]:
        """By an address on any channel, or on the one that is named before it: `site/visitor:x`."""
        place, slash, rest = who.partition("/")
        named = ChannelId(place) if slash and place in self._adapters.channels else None
        channels = self._adapters.channels if named is None else (named,)
        address = who if named is None else rest
        spelled = {address, address.translate(_SEPARATORS)} if address[:1] == "+" else {address}
        asked = frozenset((each, Address(one)) for each in channels for one in spelled)
        facts = await self._database.store.load(Needs(addresses=asked))
        meant = {each.id: each.contact for each in facts.identities}
        return [meant[identity] for _, _, identity in facts.aliases if identity in meant]

    async def _known(self, contacts: Iterable[ContactId]) -> Sequence[Known]:
        found = [await self.known(each) for each in dict.fromkeys(contacts)]
        return [each for each in found if each is not None]

    async def known(self, contact: ContactId) -> Known | None:
        """What there is of one customer, in numbers; None: there is no such one."""
        owned = await belongings(self._database.personal, contact)
        if owned is None:
            return None
        tickets = await self._database.personal.read("ticket", owned.contacts)
        open_ = [each["number"] for each in owned.conversations if each["state"] != "ended"]
        return Known(
            id=str(contact),
            name=str(owned.identities[0]["name"]),
            addresses=tuple(f"{channel}/{address}" for channel, address in owned.names),
            conversations=len(owned.conversations),
            open=tuple(int(str(number)) for number in open_),
            tickets=len(tickets),
            threads=len(self._threads(owned)),
        )

    # --- what he is given -------------------------------------------------------------------

    async def export(self, contact: ContactId) -> str | None:
        """Begin an export; gives its name. None: there is no such customer."""
        owned = await belongings(self._database.personal, contact)
        if owned is None:
            return None
        while len(self._exports) >= _AT_ONCE:
            del self._exports[next(iter(self._exports))]
        name = secrets.token_hex(8)
        walk = Walk(self._database.personal, self._memories, owned)
        self._exports[name] = exported(walk, owned)
        return name

    async def exported(self, name: str) -> tuple[Sequence[Mapping[str, object]], bool] | None:
        """The next lines, and whether more come; None: nothing of that name is under way."""
        lines = self._exports.get(name)
        if lines is None:
            return None
        found: list[Mapping[str, object]] = []
        async for line in lines:
            found.append(line)
            if len(found) == _LINES:
                return found, True
        self._exports.pop(name, None)
        return found, False

    # --- what was erased --------------------------------------------------------------------

    async def erasures(self) -> Sequence[Erasure]:
        """Every erasure, oldest first."""
        return await self._database.personal.erasures()

    async def remains(self, erasure: Erasure) -> Remains:
        """What is out of our reach: threads of a platform, and stores without an adapter."""
        owned = await belongings(self._database.personal, erasure.contact, erasure.names)
        if owned is None:
            return Remains(threads=(), channels=())
        return Remains(
            threads=tuple(self._threads(owned)),
            channels=tuple(self._memories.left_out(owned)),
            copies=tuple(await asyncio.to_thread(self._copies)),
        )

    def _threads(self, owned: Belongings) -> list[Thread]:
        return [
            Thread(workspace=str(id_), thread=str(ref), link=_link(workspace, ref))
            for id_, workspace in self._adapters.workspaces.items()
            if not isinstance(workspace, KeepsOfCustomers)
            for ref in threads_in(owned, id_)
        ]


def _link(workspace: object, thread: ThreadRef) -> str:
    return workspace.thread_link(thread) if isinstance(workspace, LinksThreads) else ""


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= _DIGITS


_DIGITS = 18


def _contact(cell: object) -> ContactId:
    assert isinstance(cell, int)
    return ContactId(cell)


def copies_of(database: Path) -> list[str]:
    """The copies beside a database that is a file, with the day on which each was made."""
    copies = ((each.name, each.stat().st_mtime) for each in backups(database))
    return [f"{name}, of {datetime.fromtimestamp(at, UTC):%Y-%m-%d}" for name, at in copies]
