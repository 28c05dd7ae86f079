"""Baseline: what one writes first, an ORM session and a commit for each message."""

import asyncio
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Engine, MetaData, event
from sqlmodel import Field, Session, SQLModel, create_engine, select

from bridge.adapters.channels.webchat.wire import NewMessage
from bridge.bench.disk import Disk, connection_class
from bridge.bench.servers.plain import plain_server


class _Row(SQLModel):
    metadata = MetaData()


class Customer(_Row, table=True):
    """Who wrote."""

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(unique=True)
    name: str
    last_wrote_at: float = 0.0


class Line(_Row, table=True):
    """What he wrote; `source` keeps it from being stored twice."""

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(unique=True)
    customer: int = Field(foreign_key="customer.id", index=True)
    text: str
    at: float


class Post(_Row, table=True):
    """A line that is to be passed on."""

    id: int | None = Field(default=None, primary_key=True)
    line: int = Field(foreign_key="line.id")
    state: str = Field(default="pending", index=True)


@asynccontextmanager
async def naive(folder: Path, disk: Disk) -> AsyncIterator[str]:
    """Where customers write."""
    engine = _open(folder / "naive.db", disk)
    loop = asyncio.get_running_loop()

    # SQLite has one writer: more threads would only wait for each other.
    with ThreadPoolExecutor(1) as thread:

        async def take(customer: str, message: NewMessage) -> None:
            await loop.run_in_executor(thread, _store, engine, customer, message)

        async with plain_server(take) as url:
            yield url


def _open(path: Path, disk: Disk) -> Engine:
    factory = connection_class(disk)
    engine = create_engine(f"sqlite:///{path}", connect_args={"factory": factory})

    @event.listens_for(engine, "connect")
    def durable(connection: object, _record: object) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # sqlite3's

    _Row.metadata.create_all(engine)
    return engine


def _store(engine: Engine, address: str, message: NewMessage) -> None:
    """Once, durably, and ready to be passed on: no more than any bridge has to do."""
    with Session(engine) as session:
        source = f"{address}/{message.id}"
        if session.exec(select(Line).where(Line.source == source)).first() is not None:
            return
        customer = session.exec(select(Customer).where(Customer.address == address)).first()
        if customer is None:
            customer = Customer(address=address, name=message.name)
            session.add(customer)
            session.flush()
        customer.last_wrote_at = time.time()
        assert customer.id is not None
        line = Line(source=source, customer=customer.id, text=message.text, at=time.time())
        session.add(line)
        session.flush()
        assert line.id is not None
        session.add(Post(line=line.id))
        session.commit()
