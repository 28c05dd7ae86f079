"""Opens a past, whichever database it is in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bridge.app.storing import DATABASE, FILES, Database, leading, open_database, open_url
from bridge.bench.orders import Past


@asynccontextmanager
async def opened(past: Past) -> AsyncIterator[Database]:
    """Its database, led by us alone."""
    folder = Path(past.folder)
    database: Database
    if past.database_url:
        database = await open_url(past.database_url, files_dir=folder / FILES)
    else:
        database = open_database(folder / DATABASE, files_dir=folder / FILES)
    try:
        async with leading(database, patient=True):
            yield database
    finally:
        await database.close()
