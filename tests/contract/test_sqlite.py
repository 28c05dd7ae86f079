"""The SQLite database keeps what every store promises."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import storage
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.store import Entity
from tests.contract.adapter_store_contract import AdapterStoreContract
from tests.contract.arrivals_contract import ArrivalsContract, OrderContract
from tests.contract.claims_contract import ClaimsContract
from tests.contract.lookup_contract import LookUpContract
from tests.contract.reads_contract import ReadsContract
from tests.contract.store_contract import FULL_DESK, StoreContract, StoreRig


class SqliteRig(StoreRig):
    """A database in a folder of the test."""

    def __init__(self, folder: Path) -> None:
        """Open it."""
        self._folder = folder
        self._open()

    def adapter_store(self, adapter: str) -> AdapterStore:
        return self._database.adapter_store(adapter)

    async def reopen(self) -> None:
        await self.close()
        self._open()

    async def close(self) -> None:
        """Let go of the files."""
        await self._database.close()

    def _open(self) -> None:
        self._database = storage.open(self._folder / "desk.db", files_dir=self._folder / "files")
        self.store, self.reads = self._database.store, self._database.reads
        self.arrivals = self._database.arrivals


@pytest.fixture
async def rig(quick_folder: Path) -> AsyncIterator[StoreRig]:
    """An empty database."""
    rig = SqliteRig(quick_folder)
    yield rig
    await rig.close()


@pytest.mark.parametrize("entity", FULL_DESK, ids=lambda entity: type(entity).__name__)
def test_the_sample_fills_every_field(entity: Entity) -> None:
    """Else a column that is not stored would not be noticed."""
    ends = {"ended_at", "end_cause", "closed_at", "close_cause", "conversation"}
    optional = {
        name: default
        for name, default in zip(
            entity.__struct_fields__[::-1], entity.__struct_defaults__[::-1], strict=False
        )
        if name not in ends
    }

    assert [name for name, default in optional.items() if getattr(entity, name) == default] == []


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
