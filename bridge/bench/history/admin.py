"""A connection to PostgreSQL beside the desk's own; imported only where there is one."""

import asyncpg

from bridge.bench.failure import BenchFailed
from storage.postgres.connect import TROUBLE, dsn, explained

MAY_NOT = asyncpg.InsufficientPrivilegeError


async def connected(url: str) -> asyncpg.Connection:
    """Without a desk's haste: what is done here may take long. Raises `BenchFailed`."""
    try:
        return await asyncpg.connect(dsn(url))
    except TROUBLE as error:
        raise BenchFailed(str(explained(error))) from error
