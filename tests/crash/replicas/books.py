"""What a desk's database itself says, asked by SQL and by nothing of ours."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import asyncpg

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
    "assigned conversations without their hold": """
        SELECT count(*) FROM conversation c WHERE c.state = 'assigned' AND NOT EXISTS (SELECT
        FROM hold h WHERE h.conversation = c.id AND h.agent = c.agent AND h.ended_at IS NULL)""",
    "holds of nobody's conversation": """
        SELECT count(*) FROM hold h JOIN conversation c ON c.id = h.conversation
        WHERE h.ended_at IS NULL AND c.state NOT IN ('assigned', 'offered')""",
    "dead letters": "SELECT count(*) FROM inbox WHERE state = 'dead'",
}
"""What is never there, however often who leads is taken away; each of them counts to 0."""
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
_LINE = re.compile(r"(?<![\w-])(r-)?([cz]\d+)-\d{4}\b")


class Books:
    """One connection to the database."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        """It is the caller's, who closes it."""
        self._connection = connection

    async def broken(self) -> list[str]:
        """Promises that do not hold at this moment, each with how often."""
        return await self._more_than_none(PROMISES)

    async def unfinished(self) -> list[str]:
        """What is still to be done."""
        return await self._more_than_none(UNFINISHED)

    async def numbers(self) -> dict[str, int]:
        """How much happened."""
        found = {name: await self._connection.fetchval(sql) for name, sql in _NUMBERS.items()}
        return {name: int(value or 0) for name, value in found.items()}

    async def unlike(
        self, lines: Mapping[str, Sequence[str]], replies: Mapping[str, Sequence[str]]
    ) -> list[str]:
        """What differs from what was answered with 200, by customer, once and in order."""
        stored = _by_customer(await self._texts(_LINES))
        shown = _by_customer(await self._texts(_JOURNALS))
        own = {who: [each for each in all_ if each[0] != "r"] for who, all_ in shown.items()}
        ours = {who: [each for each in all_ if each[0] == "r"] for who, all_ in shown.items()}
        pairs = (("stored", lines, stored), ("in his chat", lines, own), ("told", replies, ours))
        return [
            f"{who} {what}: {fault}"
            for what, wanted, found in pairs
            for who in wanted.keys() | found.keys()
            if (fault := wrong(list(wanted.get(who, ())), found.get(who, [])))
        ]

    async def _texts(self, sql: str) -> list[str]:
        found = (row[0] for row in await self._connection.fetch(sql))
        return [each.decode() if isinstance(each, bytes) else each for each in found]

    async def _more_than_none(self, questions: Mapping[str, str]) -> list[str]:
        # One snapshot for all of them: between two of them the desk goes on.
        async with self._connection.transaction(isolation="repeatable_read", readonly=True):
            counts = {name: await self._connection.fetchval(sql) for name, sql in questions.items()}
        return [f"{count} {name}" for name, count in counts.items() if count]


def _by_customer(texts: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        for line in _LINE.finditer(text):
            found[line[2]].append(line[0])
    return found
