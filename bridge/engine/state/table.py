"""Tables in memory that remember how to undo what one batch did to them."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from bridge.ports.store import Changes, Entity

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Entity)
N = TypeVar("N", bound=Hashable)
Seen_contra = TypeVar("Seen_contra", bound=Entity, contravariant=True)


class Index(Protocol[Seen_contra]):
    """Something derived from a table's values, kept in step with them."""

    def changed(self, old: Seen_contra | None, new: Seen_contra | None) -> None:
        """A value came, changed or went."""
        ...


class Ledger:
    """What the batch at hand changed: to be written, or to be undone."""

    def __init__(self) -> None:
        """Begin with an empty batch."""
        self.changes = Changes()
        self._undo: list[Callable[[], None]] = []

    def remember(self, undo: Callable[[], None]) -> None:
        """Keep how to take one change back."""
        self._undo.append(undo)

    def commit(self) -> None:
        """The batch is on disk: forget how to undo it."""
        self._undo.clear()
        self.changes = Changes()

    def rollback(self) -> None:
        """Take back everything since the last commit, newest first."""
        while self._undo:
            self._undo.pop()()
        self.changes = Changes()


class Table(Generic[K, V]):
    """Values by key, with indexes; every put is recorded for the disk and for undoing."""

    def __init__(self, ledger: Ledger, key: Callable[[V], K], *indexes: Index[V]) -> None:
        """`key` gives a value's primary key."""
        self._ledger = ledger
        self._key = key
        self._rows: dict[K, V] = {}
        self._indexes = indexes

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
        self._set(key, old, value)
        changes = self._ledger.changes
        changes.puts[type(value), key] = value
        changes.removes.pop((type(value), key), None)
        self._ledger.remember(lambda: self._set(key, self._rows.get(key), old))
        return value

    def remove(self, key: K) -> None:
        """Delete a value."""
        old = self._rows[key]
        self._set(key, old, None)
        changes = self._ledger.changes
        changes.removes[type(old), key] = old
        changes.puts.pop((type(old), key), None)
        self._ledger.remember(lambda: self._set(key, None, old))

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

    def _set(self, key: K, old: V | None, new: V | None) -> None:
        if new is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = new
        for index in self._indexes:
            index.changed(old, new)


class Unique(Generic[V, K]):
    """One value per derived key; a value whose key is None is left out."""

    def __init__(self, key: Callable[[V], K | None]) -> None:
        """`key` gives the derived key."""
        self._key = key
        self._rows: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """The value with this derived key."""
        return self._rows.get(key)

    def changed(self, old: V | None, new: V | None) -> None:
        """Keep in step."""
        old_key = None if old is None else self._key(old)
        new_key = None if new is None else self._key(new)
        if old_key is not None and old_key != new_key:
            self._rows.pop(old_key, None)
        if new_key is not None and new is not None:
            self._rows[new_key] = new


class Named(Generic[V, K, N]):
    """One value per place and name in it; a value without a name is left out."""

    def __init__(self, place: Callable[[V], K], name: Callable[[V], N | None]) -> None:
        """`place` is shared by many values, `name` is unique in it."""
        self._place = place
        self._name = name
        self._rows: dict[K, dict[N, V]] = {}

    def get(self, place: K, name: N) -> V | None:
        """The value of this name in this place."""
        return self._rows.get(place, {}).get(name)

    def changed(self, old: V | None, new: V | None) -> None:
        """Keep in step."""
        old_name = None if old is None else self._name(old)
        new_name = None if new is None else self._name(new)
        if old is not None and old_name is not None and old_name != new_name:
            self._rows.get(self._place(old), {}).pop(old_name, None)
        if new is not None and new_name is not None:
            self._rows.setdefault(self._place(new), {})[new_name] = new


class Groups(Generic[V, K]):
    """Values by a derived key that several may share, in order of arrival.

    Most groups have one member: it is kept as it is, without a dict around it.
    """

    def __init__(self, group: Callable[[V], K | None], key: Callable[[V], Hashable]) -> None:
        """`group` gives the shared key, `key` the value's own."""
        self._group = group
        self._key = key
        self._rows: dict[K, V | dict[Hashable, V]] = {}

    def get(self, group: K) -> tuple[V, ...]:
        """All values of the group."""
        found = self._rows.get(group)
        if found is None:
            return ()
        return tuple(found.values()) if isinstance(found, dict) else (found,)

    def count(self, group: K) -> int:
        """How many the group has."""
        found = self._rows.get(group)
        return len(found) if isinstance(found, dict) else int(found is not None)

    def changed(self, old: V | None, new: V | None) -> None:
        """Keep in step."""
        old_group = None if old is None else self._group(old)
        new_group = None if new is None else self._group(new)
        if old is not None and old_group is not None and old_group != new_group:
            self._drop(old_group, self._key(old))
        if new is not None and new_group is not None:
            self._add(new_group, self._key(new), new)

    def _add(self, group: K, key: Hashable, value: V) -> None:
        found = self._rows.get(group)
        if isinstance(found, dict):
            found[key] = value
        elif found is None or self._key(found) == key:
            self._rows[group] = value
        else:
            self._rows[group] = {self._key(found): found, key: value}

    def _drop(self, group: K, key: Hashable) -> None:
        found = self._rows.get(group)
        if isinstance(found, dict):
            found.pop(key, None)
            if not found:
                del self._rows[group]
        elif found is not None and self._key(found) == key:
            del self._rows[group]
