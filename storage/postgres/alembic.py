"""Runs Alembic over a PostgreSQL connection of ours."""

from collections.abc import Callable

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, StaticPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage.migrations.run import config


async def upgrade(connection: asyncpg.Connection, to: str = "head") -> None:
    """Apply what is missing: all of it or nothing."""
    await _run(connection, lambda settings: command.upgrade(settings, to))


async def downgrade(connection: asyncpg.Connection, to: str) -> None:
    """Go back to a revision: all the way or not at all."""
    await _run(connection, lambda settings: command.downgrade(settings, to))


async def _run(connection: asyncpg.Connection, run: Callable[[Config], object]) -> None:
    async def ours() -> asyncpg.Connection:
        return connection

    def over(opened: Connection) -> None:
        settings = config()
        settings.attributes["connection"] = opened
        run(settings)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=ours, poolclass=StaticPool)
    try:
        async with engine.connect() as opened:
            await opened.run_sync(over)
            await opened.commit()
    except DBAPIError as error:
        raise error.driver_exception from error
    finally:
        await engine.dispose(close=False)
