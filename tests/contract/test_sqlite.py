"""The SQLite database keeps what every store promises."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import storage
from bridge.ports.adapter_store import AdapterStore
from tests.contract.adapter_store_contract import AdapterStoreContract
from tests.contract.lookup_contract import LookUpContract
from tests.contract.reads_contract import ReadsContract
from tests.contract.store_contract import StoreContract, StoreRig


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


@pytest.fixture
async def rig(quick_folder: Path) -> AsyncIterator[StoreRig]:
    """An empty database."""
    rig = SqliteRig(quick_folder)
    yield rig
    await rig.close()


class TestStore(StoreContract):
    pass


class TestLookUps(LookUpContract):
    pass


class TestReads(ReadsContract):
    pass


class TestAdapterStore(AdapterStoreContract):
    pass
