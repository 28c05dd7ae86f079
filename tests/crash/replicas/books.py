"""What a desk's database itself says, asked by SQL and by nothing of ours."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import asyncpg

from storage.postgres.connect import end
from tests.crash.replicas.people import is_at_the_shop
from tests.crash.test_kills import wrong

PROMISES = {
    "conversations with two open holds": """
        SELECT count(*) FROM (SELECT FROM hold WHERE ended_at IS NULL
        GROUP BY conversation HAVING count(*) > 1) AS twice""",
    "slots taken twice": """
        SELECT count(*) FROM (SELECT FROM hold WHERE ended_at IS NULL AND slot IS NOT NULL
        GROUP BY agent, slot HAVING count(*) > 1) AS twice""",
    "agents over capacity": """
        SELECT count(*) FROM (SELECT FROM hold WHERE ended_at IS NULL
        GROUP BY agent HAVING count(*) > min(capacity_at)) AS over""",
    "holds without a slot": "SELECT count(*) FROM hold WHERE slot IS NULL",
    "holds in a slot above capacity": "SELECT count(*) FROM hold WHERE slot > capacity_at",
    "assigned conversations without their hold": """
        SELECT count(*) FROM conversation c WHERE c.state = 'assigned' AND NOT EXISTS (SELECT
        FROM hold h WHERE h.conversation = c.id AND h.agent = c.agent AND h.ended_at IS NULL)""",
    "holds of nobody's conversation": """
        SELECT count(*) FROM hold h JOIN conversation c ON c.id = h.conversation
        WHERE h.ended_at IS NULL AND c.state NOT IN ('assigned', 'offered')""",
    "dead letters": "SELECT count(*) FROM inbox WHERE state = 'dead'",
    "deliveries given up or in doubt": """
        SELECT count(*) FROM delivery WHERE state IN ('dead', 'unknown')""",
}
"""What is never there, however often who leads is taken away; each of them counts to 0."""
PAST = {
    "conversations ever held twice at once": """
        SELECT count(*) FROM hold a JOIN hold b ON a.conversation = b.conversation AND a.id < b.id
        WHERE a.started_at < coalesce(b.ended_at, 9e18)
        AND b.started_at < coalesce(a.ended_at, 9e18)""",
    "slots ever taken twice at once": """
        SELECT count(*) FROM hold a JOIN hold b
        ON a.agent = b.agent AND a.slot = b.slot AND a.id < b.id
        WHERE a.started_at < coalesce(b.ended_at, 9e18)
        AND b.started_at < coalesce(a.ended_at, 9e18)""",
    "agents ever over capacity": """
        SELECT count(*) FROM hold a WHERE a.capacity_at < (SELECT count(*) FROM hold b
        WHERE b.agent = a.agent AND b.started_at <= a.started_at
        AND coalesce(b.ended_at, 9e18) > a.started_at)""",
}
"""What never was, by what the holds themselves say."""
UNFINISHED = {
    "open conversations": "SELECT count(*) FROM conversation WHERE state <> 'ended'",
    "open holds": "SELECT count(*) FROM hold WHERE ended_at IS NULL",
    "deliveries under way": """
        SELECT count(*) FROM delivery WHERE state IN ('pending', 'sending')""",
}
"""What is over when everybody has gone home."""
_NUMBERS = {
    "conversations": "SELECT count(*) FROM conversation",
    "holds": "SELECT count(*) FROM hold",
    "transfers": "SELECT sum(transfers) FROM conversation",
    "longest queue": """
        SELECT max(depth) FROM (SELECT sum(step) OVER (ORDER BY at, step) AS depth FROM (
        SELECT opened_at AS at, 1 AS step FROM conversation UNION ALL
        SELECT min(started_at), -1 FROM hold GROUP BY conversation) AS steps) AS depths""",
}
_LINES = """
SELECT m.content::text FROM message m WHERE m.author = 'customer' AND m.deleted_at IS NULL
ORDER BY m.id"""
_JOURNALS = "SELECT body FROM journal WHERE adapter = 'channels.web' ORDER BY seq"
_LINE = re.compile(r"(?<![\w-])(r-)?([cz]\d{1,4})-\d{4}(?![\w-])")
"""A random id may begin like one, and goes on."""


class Books:
    """Looks at the database, each time anew: it may have failed meanwhile."""

    def __init__(self, url: str) -> None:
        """Nothing is opened yet."""
        self._url = url

    async def broken(self) -> list[str]:
        """Promises that do not hold at this moment, each with how often."""
        return await self._more_than_none(PROMISES)

    async def ever_broken(self) -> list[str]:
        """Promises that did not hold at some moment of the past."""
        return await self._more_than_none(PAST)

    async def unfinished(self) -> list[str]:
        """What is still to be done."""
        return await self._more_than_none(UNFINISHED)

    async def conversations(self) -> int:
        """How many were ever opened."""
        return (await self._counted({"them": _NUMBERS["conversations"]}))["them"]

    async def numbers(self) -> dict[str, int]:
        """How much happened."""
        return await self._counted(_NUMBERS)

    async def without(self, queues: Sequence[str]) -> list[str]:
        """Those of these queues that are not there."""
        async with self._opened() as connection:
            there = {row[0] for row in await connection.fetch("SELECT name FROM queue")}
        return [name for name in queues if name not in there]

    async def unlike(
        self,
        lines: Mapping[str, Sequence[str]],
        replies: Mapping[str, Sequence[str]],
        shop: Mapping[str, Sequence[str]],
    ) -> list[str]:
        """What differs from what was answered with 200, by customer, once and in order.

        `shop` is what its customers see; the others' chats are read here.
        """
        stored = _by_customer(await self._texts(_LINES))
        shown = _by_customer(await self._texts(_JOURNALS))
        own = {who: [each for each in all_ if each[0] != "r"] for who, all_ in shown.items()}
        ours = {who: [each for each in all_ if each[0] == "r"] for who, all_ in shown.items()}
        at_shop = {who: list(all_) for who, all_ in shop.items()}
        on_the_web = {who: said for who, said in lines.items() if not is_at_the_shop(who)}
        pairs = (
            ("stored", lines, stored),
            ("in his chat", on_the_web, own),
            ("told", replies, ours | at_shop),
        )
        return [
            f"{who} {what}: {fault}"
            for what, wanted, found in pairs
            for who in wanted.keys() | found.keys()
            if (fault := wrong(list(wanted.get(who, ())), found.get(who, [])))
        ]

    async def _texts(self, sql: str) -> list[str]:
        async with self._opened() as connection:
            found = [row[0] for row in await connection.fetch(sql)]
        return [each.decode() if isinstance(each, bytes) else each for each in found]

    async def _more_than_none(self, questions: Mapping[str, str]) -> list[str]:
        counts = await self._counted(questions)
        return [f"{count} {name}" for name, count in counts.items() if count]

    async def _counted(self, questions: Mapping[str, str]) -> dict[str, int]:
        async with (
            self._opened() as connection,
            # One snapshot for all of them: between two of them the desk goes on.
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            found = {name: await connection.fetchval(sql) for name, sql in questions.items()}
        return {name: int(value or 0) for name, value in found.items()}

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self._url)
        try:
            yield connection
        finally:
            await end(connection)


def _by_customer(texts: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        for line in _LINE.finditer(text):
            found[line[2]].append(line[0])
    return found
