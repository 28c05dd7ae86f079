"""Goes through the rows of one customer, a page at a time, in an order in which they can go."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from bridge.app.customers.belongings import (
    PAGE,
    PASSED,
    Belongings,
    Calls,
    Memories,
    names_him,
    number,
)
from bridge.domain.content import Content
from bridge.domain.delivery import Body, Whisper
from bridge.domain.ids import WorkspaceUserId
from bridge.ports.personal import Keeps, Personal, Record

_body: msgspec.json.Decoder[Body] = msgspec.json.Decoder(Body)
_content: msgspec.json.Decoder[Content] = msgspec.json.Decoder(Content)


class Page(NamedTuple):
    """Rows of one table."""

    table: str
    rows: Sequence[Record]


class Walk:
    """One customer's rows. What is removed on the way does not confuse it."""

    def __init__(self, personal: Personal, memories: Memories, owned: Belongings) -> None:
        """Nothing has been read."""
        self._personal = personal
        self._memories = memories
        self._owned = owned

    async def pages(self) -> AsyncIterator[Page]:
        """Lines first and what they hang on last."""
        async for page in self.lines():
            yield page
        async for page in self.calls():
            yield page
        for table in ("hold", "billed", "held_reply"):
            yield Page(table, await self._personal.read(table, self._owned.ids))
        yield Page("binding", self._owned.bindings)
        yield Page("inbox", await self._undecided())
        async for page in self.kept(await self._memories.of(self._owned)):
            yield page
        yield Page("conversation", self._owned.conversations)
        for table in ("ticket", "contact"):
            yield Page(table, await self._personal.read(table, self._owned.contacts))

    async def lines(self) -> AsyncIterator[Page]:
        """Lines, their names outside and their files; then the history of each conversation."""
        for conversation in self._owned.conversations:
            async for page in self._paged("message", conversation):
                ids: list[object] = [row["id"] for row in page.rows]
                yield Page("message_link", await self._personal.read("message_link", ids))
                yield Page("file", await self._personal.read("file", files_of(page.rows)))
                yield page
            async for page in self._paged("event", conversation):
                yield page

    async def _paged(self, table: str, conversation: Record) -> AsyncIterator[Page]:
        after = 0
        while rows := await self._personal.read(table, conversation["id"], after, PAGE):
            after = number(rows[-1]["id"])
            yield Page(table, rows)

    async def calls(self) -> AsyncIterator[Page]:
        """Calls that were made for him, and what adapters keep under their keys.

        They are looked for among all that were promised since his first conversation.
        """
        ours = set(self._owned.ids)
        after = min((number(id_) for id_ in self._owned.ids), default=None)
        while after is not None:
            passed = await self._personal.read("passed_deliveries", after, PASSED)
            found: list[object] = [each["id"] for each in passed if each["conversation"] in ours]
            for at in range(0, len(found), PAGE):
                rows = await self._personal.read("delivery", found[at : at + PAGE])
                kept = await self._memories.of(self._owned, _keys(rows))
                async for page in self._documents(kept):
                    yield page
                yield Page("delivery", rows)
            after = number(passed[-1]["id"]) if len(passed) == PASSED else None

    async def kept(self, keeps: Mapping[str, Keeps]) -> AsyncIterator[Page]:
        """What adapters keep in their own stores."""
        for store, each in keeps.items():
            for journal in each.journals:
                async for page in self._entries(store, journal):
                    yield page
            for journal in each.searched:
                async for page in self._entries(store, journal):
                    his = [row for row in page.rows if names_him(row["body"], self._owned.names)]
                    yield Page("journal", his)
            yield Page("file", await self._personal.read("file", list(each.files)))
        async for page in self._documents(keeps):
            yield page

    async def _documents(self, keeps: Mapping[str, Keeps]) -> AsyncIterator[Page]:
        for store, each in keeps.items():
            for collection, key in each.documents:
                found = await self._personal.read("document", store, collection, key)
                yield Page("document", found)
            for journal, key in each.entries:
                yield Page("journal", await self._personal.read("entry", store, journal, key))

    async def _entries(self, store: str, journal: str) -> AsyncIterator[Page]:
        after = 0
        while rows := await self._personal.read("journal", store, journal, after, PAGE):
            after = number(rows[-1]["seq"])
            yield Page("journal", rows)

    async def _undecided(self) -> Sequence[Record]:
        dead = await self._personal.read("inbox")
        return [row for row in dead if names_him(row["body"], self._owned.names)]


def files_of(rows: Sequence[Record]) -> list[object]:
    """The files of these lines."""
    contents = (_content.decode(str(row["content"])) for row in rows)
    return [file.id for content in contents for file in content.files]


def _keys(rows: Sequence[Record]) -> Calls:
    return [(str(row["place"]), f"d{number(row['id'])}", _told(row["body"])) for row in rows]


def _told(body: object) -> WorkspaceUserId | None:
    read = _body.decode(str(body))
    return read.user if isinstance(read, Whisper) else None
