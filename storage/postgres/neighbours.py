"""Who else works in a PostgreSQL database, and what the one who leads has said of himself."""

from bridge.domain.ids import Instant
from bridge.domain.value import Value
from storage.names import ENGINE
from storage.postgres.compiled import SQL
from storage.postgres.connect import connect, end, unavailable

_ADDRESSES = """
SELECT DISTINCT coalesce(host(client_addr), '') FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'deskbridge'
AND client_addr IS DISTINCT FROM inet_client_addr()
"""
_SAID = """
SELECT body FROM document WHERE adapter = $1 AND collection = $2 AND key = $3
"""
_NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"


class Neighbours(Value):
    """`elsewhere` are the addresses from which others reach the database ("": it is on theirs);
    `said` what is kept in a place, `epoch` under which somebody leads, `now` by its clock."""

    elsewhere: tuple[str, ...]
    epoch: int | None
    said: bytes | None
    now: Instant


async def look(url: str, place: tuple[str, str, str]) -> Neighbours:
    """Look, and change nothing. Raises `InvalidSettings`, `StorageUnavailable`."""
    with unavailable():
        connection = await connect(url)
        try:
            elsewhere = [row[0] for row in await connection.fetch(_ADDRESSES)]
            epoch = said = None
            if await connection.fetchval("SELECT to_regclass('lease')") is not None:
                epoch = await connection.fetchval(SQL["which_epoch"], ENGINE)
                said = await connection.fetchval(_SAID, *place)
            now = Instant(await connection.fetchval(_NOW))
            return Neighbours(elsewhere=tuple(sorted(elsewhere)), epoch=epoch, said=said, now=now)
        finally:
            await end(connection)
