"""The PostgreSQL database keeps what every store promises."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import storage
from bridge.ports.adapter_store import AdapterStore
from tests.contract.adapter_store_contract import AdapterStoreContract
from tests.contract.arrivals_contract import ArrivalsContract, OrderContract
from tests.contract.claims_contract import ClaimsContract
from tests.contract.lookup_contract import LookUpContract
from tests.contract.reads_contract import ReadsContract
from tests.contract.store_contract import StoreContract, StoreRig
from tests.leading import Leader


class PostgresRig(StoreRig):
    """A database on the tests' server."""

    def __init__(self, url: str, folder: Path) -> None:
        """Use `open`."""
        self._url = url
        self._folder = folder

    async def open(self) -> None:
        """Open it as who leads."""
        self._database = await storage.open_url(self._url, files_dir=self._folder / "files")
        self._leader = Leader(self._database)
        await self._leader.begin()
        self.store, self.reads = self._database.store, self._database.reads
        self.arrivals = self._database.arrivals

    def adapter_store(self, adapter: str) -> AdapterStore:
        return self._database.adapter_store(adapter)

    async def reopen(self) -> None:
        await self.close()
        await self.open()

    async def close(self) -> None:
        """Let go of it."""
        await self._leader.end()
        await self._database.close()


@pytest.fixture
async def rig(emptied_url: str, quick_folder: Path) -> AsyncIterator[StoreRig]:
    """An empty database."""
    rig = PostgresRig(emptied_url, quick_folder)
    await rig.open()
    yield rig
    await rig.close()


class TestStore(StoreContract):
    pass


class TestLookUps(LookUpContract):
    pass


class TestClaims(ClaimsContract):
    pass


class TestReads(ReadsContract):
    pass


class TestAdapterStore(AdapterStoreContract):
    pass


class TestArrivals(ArrivalsContract):
    pass


class TestOrder(OrderContract):
    pass
