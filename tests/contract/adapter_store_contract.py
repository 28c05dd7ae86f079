"""What every store promises an adapter: a memory of its own, durable when a call returns."""

import asyncio

import pytest

from bridge.domain.ids import ChannelId
from bridge.ports.adapter_store import AdapterStore, Document, Entry
from bridge.ports.store import Changes, CommitRefused, DocumentWrite, DuplicateInbox
from tests.contract import rows
from tests.contract.rows import put
from tests.contract.store_contract import StoreRig
from tests.patience import PATIENCE


async def append(store: AdapterStore, journal: str, *keys: str) -> list[Entry]:
    """Entries whose body is their key."""
    return [
        Entry(seq=await store.append(journal, key, key.encode()), body=key.encode()) for key in keys
    ]


class AdapterStoreContract:
    """Promises to adapters."""

    async def test_a_journal_keeps_its_entries_in_order_over_a_restart(self, rig: StoreRig) -> None:
        entries = await append(rig.adapter_store("web"), "chat", "a", "b", "c")

        await rig.reopen()

        store = rig.adapter_store("web")
        assert await store.read("chat", 0, 9) == entries
        assert await store.read("chat", entries[0].seq, 1) == entries[1:2]
        assert (await append(store, "chat", "d"))[0].seq > entries[-1].seq

    async def test_a_key_is_appended_once(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")
        [first, _] = await append(store, "chat", "a", "b")

        again = await store.append("chat", "a", b"something else")

        assert again == first.seq
        assert await store.find_entry("chat", "a") == first
        assert len(await store.read("chat", 0, 9)) == 2

    async def test_seqs_grow_over_all_journals_of_an_adapter(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")

        entries = [(await append(store, journal, "a"))[0] for journal in "xyx"[:2]]
        entries += await append(store, "x", "b")

        assert entries == sorted(entries, key=lambda entry: entry.seq)
        assert len({entry.seq for entry in entries}) == 3

    async def test_a_journal_is_read_backwards_in_pages(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")
        entries = await append(store, "chat", *"abcde")

        newest = await store.tail("chat", None, 2)
        older = await store.tail("chat", newest[0].seq, 2)

        assert (older, newest) == (entries[1:3], entries[3:])

    async def test_an_adapter_sees_nothing_of_another(self, rig: StoreRig) -> None:
        mine, other = rig.adapter_store("web"), rig.adapter_store("zap")
        await append(mine, "chat", "a")
        await mine.put("visitors", "k", b"1")

        assert await other.read("chat", 0, 9) == []
        assert await other.find_entry("chat", "a") is None
        assert await other.get("visitors", "k") is None
        assert await other.scan("visitors") == []
        assert await other.remove("visitors", "k") is False

    async def test_appends_at_once_are_all_there_once(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")

        seqs = await asyncio.gather(*(store.append("chat", f"{n % 50}", b"") for n in range(100)))

        assert seqs[:50] == seqs[50:]
        assert [e.seq for e in await store.read("chat", 0, 99)] == sorted(set(seqs))

    async def test_a_follower_gets_what_comes_after_its_call_in_order(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")
        await append(store, "chat", "before")
        follower = store.follow("chat")

        entries = await append(store, "chat", "a", "b")
        await append(store, "other", "x")
        await store.append("chat", "a", b"again")
        entries += await append(store, "chat", "c")

        assert [await anext(follower) for _ in range(3)] == entries

    async def test_a_follower_waits_for_what_comes(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")
        follower = store.follow("chat")
        waiting = asyncio.ensure_future(anext(follower))
        await asyncio.sleep(0.01)

        entries = await append(store, "chat", "a")

        assert not isinstance(follower, list)
        assert await asyncio.wait_for(waiting, PATIENCE) == entries[0]

    async def test_every_follower_gets_every_entry(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")
        followers = [rig.adapter_store("web").follow("chat") for _ in range(3)]

        [entry] = await append(store, "chat", "a")

        assert [await anext(follower) for follower in followers] == [entry] * 3

    async def test_a_follower_that_falls_far_behind_is_ended(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")
        follower = store.follow("chat")

        await asyncio.gather(*(store.append("chat", f"{n}", b"") for n in range(1_001)))

        with pytest.raises(StopAsyncIteration):
            await anext(follower)

    async def test_a_document_is_written_read_changed_and_removed(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")
        await store.put("visitors", "b", b"1")
        await store.put("visitors", "a", b"\0\xff")
        await store.put("visitors", "b", b"2")

        await rig.reopen()

        store = rig.adapter_store("web")
        assert await store.get("visitors", "b") == b"2"
        assert await store.scan("visitors") == [
            Document(key="a", body=b"\0\xff"),
            Document(key="b", body=b"2"),
        ]
        assert await store.remove("visitors", "b") is True
        assert await store.get("visitors", "b") is None

    async def test_of_many_who_remove_a_document_one_is_told_that_it_did(
        self, rig: StoreRig
    ) -> None:
        store = rig.adapter_store("web")
        await store.put("tokens", "once", b"")

        removed = await asyncio.gather(*(store.remove("tokens", "once") for _ in range(20)))

        assert sorted(removed) == [False] * 19 + [True]

    # --- together with the engine -----------------------------------------------------------

    async def test_an_entry_handed_in_with_a_batch_is_written_and_followed_with_it(
        self, rig: StoreRig
    ) -> None:
        store = rig.adapter_store("web")
        follower = store.follow("chat")
        entry = store.entry("chat", "a", b"1")

        await rig.store.commit(Changes(inbox=[rows.inbox("a")], journal=[entry]))

        found = await store.find_entry("chat", "a")
        assert found is not None
        assert await anext(follower) == found

    async def test_an_entry_handed_in_is_found_beside_one_that_was_appended(
        self, rig: StoreRig
    ) -> None:
        store = rig.adapter_store("web")
        seq = await store.append("chat", "own", b"0")
        handed_in = [store.entry("chat", key, key.encode()) for key in ("a", "b")]
        await rig.store.commit(Changes(inbox=[rows.inbox("a")], journal=handed_in))

        again = await store.append("chat", "own", b"1")

        found = [await store.find_entry("chat", key) for key in ("own", "a", "b", "c")]
        assert again == seq
        assert [each and each.body for each in found] == [b"0", b"a", b"b", None]
        assert [entry.body for entry in await store.read("chat", 0, 9)] == [b"0", b"a", b"b"]

    async def test_an_entry_handed_in_with_a_known_row_is_not_written(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")
        await rig.store.commit(Changes(inbox=[rows.inbox("a")]))

        with pytest.raises(DuplicateInbox):
            await rig.store.commit(
                Changes(inbox=[rows.inbox("a")], journal=[store.entry("chat", "a", b"1")])
            )

        assert await store.read("chat", 0, 9) == []

    async def test_a_refused_batch_takes_no_adapters_write_with_it(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")
        _, orphan = rows.customer(channel=ChannelId("web"))

        written = asyncio.gather(
            *(store.append("chat", f"{n}", b"") for n in range(10)),
            rig.store.commit(put(orphan)),
            *(store.put("visitors", f"{n}", b"") for n in range(10)),
            return_exceptions=True,
        )

        refused = [each for each in await written if isinstance(each, BaseException)]
        assert [type(each) for each in refused] == [CommitRefused]
        assert len(await store.read("chat", 0, 99)) == 10
        assert len(await store.scan("visitors")) == 10

    async def test_a_batch_writes_and_removes_documents(self, rig: StoreRig) -> None:
        store = rig.adapter_store("web")
        await store.put("state", "old", b"1")

        await rig.store.commit(
            Changes(
                documents=[
                    DocumentWrite(adapter="web", collection="state", key="old", body=None),
                    DocumentWrite(adapter="web", collection="state", key="new", body=b"2"),
                ]
            )
        )

        assert await store.scan("state") == [Document(key="new", body=b"2")]
