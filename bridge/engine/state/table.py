"""Tables in memory that remember how to undo what one batch did to them."""

import asyncio
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Generic, Protocol, TypeVar

from bridge.ports.store import Changes, Entity

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Entity)
V_contra = TypeVar("V_contra", bound=Entity, contravariant=True)
X = TypeVar("X")
D = TypeVar("D", bound=Hashable)
N = TypeVar("N", bound=Hashable)


class Index(Protocol[K, V_contra]):
    """Another way to find a table's values. It keeps their keys and never the values.

    So whatever changes of a value but what the index looks at does not concern it.
    """

    def stand_on(self, rows: Mapping[K, V_contra]) -> None:
        """Find the values here."""
        ...

    def changed(self, key: K, old: V_contra | None, new: V_contra | None) -> None:
        """The value with this key came, changed or went."""
        ...


class Ledger:
    """What the batch at hand changed: to be written, or to be undone."""

    def __init__(self) -> None:
        """Begin with an empty batch."""
        self.changes = Changes()
        self._undo: list[Callable[[], None]] = []
        self._settling: asyncio.Future[None] | None = None

    def remember(self, undo: Callable[[], None]) -> None:
        """Keep how to take one change back."""
        self._undo.append(undo)

    def commit(self) -> None:
        """The batch is on disk: forget how to undo it."""
        self._undo.clear()
        self._settle()

    def rollback(self) -> None:
        """Take back everything since the last commit, newest first."""
        while self._undo:
            self._undo.pop()()
        self._settle()

    async def settled(self, kinds: frozenset[type[Entity]]) -> None:
        """Wait while the batch at hand changes anything of these kinds: it may be undone yet."""
        while self._changes(kinds):
            if self._settling is None:
                self._settling = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._settling)

    def _changes(self, kinds: frozenset[type[Entity]]) -> bool:
        changed = chain(self.changes.puts, self.changes.removes)
        return any(kind in kinds for kind, _ in changed)

    def _settle(self) -> None:
        self.changes = Changes()
        settling, self._settling = self._settling, None
        if settling is not None:
            settling.set_result(None)


class Table(Generic[K, V]):
    """Values by key, with indexes; every put is recorded for the disk and for undoing."""

    def __init__(
        self,
        ledger: Ledger,
        key: Callable[[V], K],
        *indexes: Index[K, V],
        row: Callable[[V], Hashable] | None = None,
    ) -> None:
        """`key` is what a value is found by, `row` its primary key on disk if that is another."""
        self._ledger = ledger
        self._key = key
        self._row = row
        self._rows: dict[K, V] = {}
        self._changed = [index.changed for index in indexes]
        for index in indexes:
            index.stand_on(self._rows)

    def get(self, key: K) -> V | None:
        """The value, or None."""
        return self._rows.get(key)

    def __getitem__(self, key: K) -> V:
        """The value. Raises `KeyError`."""
        return self._rows[key]

    def __contains__(self, key: K) -> bool:
        """True when there is such a value."""
        return key in self._rows

    def __len__(self) -> int:
        """How many there are."""
        return len(self._rows)

    def __iter__(self) -> Iterator[V]:
        """All values, in order of arrival."""
        return iter(self._rows.values())

    def put(self, value: V) -> V:
        """Write a value, new or changed."""
        key = self._key(value)
        old = self._rows.get(key)
        self._rows[key] = value
        for changed in self._changed:
            changed(key, old, value)
        changes = self._ledger.changes
        row = self._on_disk(key, value)
        changes.puts[row] = value
        if changes.touches:
            changes.touches.pop(row, None)
        if changes.removes:
            changes.removes.pop(row, None)
        self._ledger.remember(partial(self._put_back, key, old))
        return value

    def touch(self, value: V) -> V:
        """Write a known value of which nothing changed but what `Changes.touches` says."""
        key = self._key(value)
        rows = self._rows
        changes = self._ledger.changes
        row = self._on_disk(key, value)
        written = changes.puts if row in changes.puts else changes.touches
        written[row] = value
        self._ledger.remember(partial(rows.__setitem__, key, rows[key]))
        rows[key] = value
        return value

    def remove(self, key: K) -> None:
        """Delete a value."""
        old = self._rows[key]
        self._set(key, old, None)
        changes = self._ledger.changes
        row = self._on_disk(key, old)
        changes.removes[row] = old
        changes.puts.pop(row, None)
        changes.touches.pop(row, None)
        self._ledger.remember(partial(self._put_back, key, old))

    def admit(self, value: V) -> None:
        """Take in a value that is on disk already."""
        key = self._key(value)
        self._set(key, self._rows.get(key), value)

    def admit_all(self, values: Iterable[V]) -> None:
        """Take in values that are on disk already."""
        for value in values:
            self.admit(value)

    def release(self, key: K) -> None:
        """Forget a value that stays on disk."""
        old = self._rows.get(key)
        if old is not None:
            self._set(key, old, None)

    def release_all(self) -> None:
        """Forget all values; they stay on disk."""
        for key in list(self._rows):
            self.release(key)

    def _on_disk(self, key: K, value: V) -> tuple[type, object]:
        """Which row it is, as `Changes` names it."""
        return type(value), key if self._row is None else self._row(value)

    def _put_back(self, key: K, old: V | None) -> None:
        self._set(key, self._rows.get(key), old)

    def _set(self, key: K, old: V | None, new: V | None) -> None:
        if new is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = new
        for changed in self._changed:
            changed(key, old, new)


class Undone(dict[K, X]):
    """What a batch says of lines: set and deleted with `[]`, and put back when it is undone.

    `update` brings in what is on disk and `clear` forgets what stays there: neither is undone.
    """

    def __init__(self, ledger: Ledger) -> None:
        """Empty."""
        super().__init__()
        self._ledger = ledger

    def __setitem__(self, key: K, value: X) -> None:
        self._ledger.remember(partial(self._put_back, key, self.get(key)))
        super().__setitem__(key, value)

    def __delitem__(self, key: K) -> None:
        self._ledger.remember(partial(self._put_back, key, self.get(key)))
        super().__delitem__(key)

    def _put_back(self, key: K, old: X | None) -> None:
        if old is None:
            self.pop(key, None)
        else:
            super().__setitem__(key, old)


class Unique(Generic[V, K, D]):
    """One value per derived key; a value whose derived key is None is left out."""

    def __init__(self, derive: Callable[[V], D | None]) -> None:
        """`derive` gives the derived key."""
        self._derive = derive
        self._keys: dict[D, K] = {}
        self._rows: Mapping[K, V] = {}

    def stand_on(self, rows: Mapping[K, V]) -> None:
        """Find the values here."""
        self._rows = rows

    def get(self, derived: D) -> V | None:
        """The value with this derived key."""
        key = self._keys.get(derived)
        return None if key is None else self._rows[key]

    def changed(self, key: K, old: V | None, new: V | None) -> None:
        """Keep in step."""
        was = None if old is None else self._derive(old)
        now = None if new is None else self._derive(new)
        if was == now:
            return
        if was is not None and self._keys.get(was) == key:
            del self._keys[was]
        if now is not None:
            self._keys[now] = key


class Named(Generic[V, K, D, N]):
    """One value per place and name in it; a value without a name is left out."""

    def __init__(self, place: Callable[[V], D], name: Callable[[V], N | None]) -> None:
        """`place` is shared by many values and stays, `name` is unique in it."""
        self._place = place
        self._name = name
        self._keys: dict[D, dict[N, K]] = {}
        self._rows: Mapping[K, V] = {}

    def stand_on(self, rows: Mapping[K, V]) -> None:
        """Find the values here."""
        self._rows = rows

    def get(self, place: D, name: N) -> V | None:
        """The value of this name in this place."""
        names = self._keys.get(place)
        key = None if names is None else names.get(name)
        return None if key is None else self._rows[key]

    def changed(self, key: K, old: V | None, new: V | None) -> None:
        """Keep in step."""
        was = None if old is None else self._name(old)
        now = None if new is None else self._name(new)
        if was == now:
            return
        if old is not None and was is not None:
            names = self._keys[self._place(old)]
            if names.get(was) == key:
                del names[was]
        if new is not None and now is not None:
            self._keys.setdefault(self._place(new), {})[now] = key


class Groups(Generic[V, K, D]):
    """Values by a derived key that several may share, in order of arrival.

    Most groups have one member: its key is kept as it is, without a list around it.
    """

    def __init__(self, group: Callable[[V], D | None]) -> None:
        """`group` gives the shared key; a value without one is left out."""
        self._group = group
        self._keys: dict[D, K | list[K]] = {}
        self._rows: Mapping[K, V] = {}

    def stand_on(self, rows: Mapping[K, V]) -> None:
        """Find the values here."""
        self._rows = rows

    def get(self, group: D) -> tuple[V, ...]:
        """All values of the group."""
        found = self._keys.get(group)
        if found is None:
            return ()
        if isinstance(found, list):
            return tuple([self._rows[key] for key in found])
        return (self._rows[found],)

    def count(self, group: D) -> int:
        """How many the group has."""
        found = self._keys.get(group)
        return len(found) if isinstance(found, list) else int(found is not None)

    def changed(self, key: K, old: V | None, new: V | None) -> None:
        """Keep in step."""
        was = None if old is None else self._group(old)
        now = None if new is None else self._group(new)
        if was == now:
            return
        if was is not None:
            self._drop(was, key)
        if now is not None:
            self._add(now, key)

    def _add(self, group: D, key: K) -> None:
        found = self._keys.get(group)
        if isinstance(found, list):
            found.append(key)
        elif found is None:
            self._keys[group] = key
        else:
            self._keys[group] = [found, key]

    def _drop(self, group: D, key: K) -> None:
        found = self._keys.get(group)
        if not isinstance(found, list):
            del self._keys[group]
            return
        found.remove(key)
        if len(found) == 1:
            self._keys[group] = found[0]


class Counts(Generic[V, K, D]):
    """How many values there are of each derived key."""

    def __init__(self, derive: Callable[[V], D | None]) -> None:
        """`derive` gives the shared key; a value without one is not counted."""
        self._derive = derive
        self._counts: dict[D, int] = {}

    def stand_on(self, rows: Mapping[K, V]) -> None:
        """The values themselves are not asked for."""

    def get(self, derived: D) -> int:
        """How many there are with this derived key."""
        return self._counts.get(derived, 0)

    def changed(self, key: K, old: V | None, new: V | None) -> None:
        """Keep in step."""
        was = None if old is None else self._derive(old)
        now = None if new is None else self._derive(new)
        if was == now:
            return
        if was is not None:
            self._counts[was] -= 1
        if now is not None:
            self._counts[now] = self._counts.get(now, 0) + 1
