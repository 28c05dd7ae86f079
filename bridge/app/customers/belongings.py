"""Finds all that belongs to one customer, over every channel on which he has written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bridge.delivery.calling import Adapters
from bridge.domain.ids import Address, ContactId, ThreadRef, WorkspaceId, WorkspaceUserId
from bridge.ports.personal import Customer, Keeps, KeepsOfCustomers, Personal, Record

PAGE = 200
PASSED = 5_000
"""Deliveries that are looked at at once: no index has whose they are."""

Calls = Sequence[tuple[str, str, WorkspaceUserId | None]]
"""Place and key of each, and with whom a private line was told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Belongings:
    """Where one customer's rows hang. `names` are pairs of channel and address."""

    contact: ContactId
    identities: Sequence[Record]
    names: tuple[tuple[str, str], ...]
    conversations: Sequence[Record]
    bindings: Sequence[Record]

    @property
    def contacts(self) -> list[object]:
        """His number, and those that he had before two turned out to be one."""
        return list({self.contact, *(each["contact"] for each in self.conversations)})

    @property
    def ids(self) -> list[object]:
        """His conversations."""
        return [each["id"] for each in self.conversations]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The same as people call them."""
        return tuple(number(each["number"]) for each in self.conversations)


def number(cell: object) -> int:
    """A number of a row."""
    assert isinstance(cell, int)
    return cell


async def belongings(
    personal: Personal, contact: ContactId, erased: Iterable[tuple[str, str]] = ()
) -> Belongings | None:
    """What hangs on a contact; None: there is none. `erased` are names that he had."""
    identities = await personal.read("identity", [contact])
    if not identities:
        return None
    people: list[object] = [each["id"] for each in identities]
    own = ((str(each["channel"]), str(each["address"])) for each in identities)
    aliases = await personal.read("alias", people)
    also = ((str(each["channel"]), str(each["address"])) for each in aliases)
    conversations = await personal.read("conversation", [contact], people)
    ids: list[object] = [each["id"] for each in conversations]
    return Belongings(
        contact=contact,
        identities=identities,
        names=tuple(dict.fromkeys((*own, *also, *erased))),
        conversations=conversations,
        bindings=await personal.read("binding", ids),
    )


class Memories:
    """What adapters keep of customers in their own stores."""

    def __init__(self, adapters: Adapters) -> None:
        """Of these adapters; what one kept that is not in the settings any more is not known."""
        self._adapters = adapters

    async def of(self, owned: Belongings, calls: Calls = ()) -> Mapping[str, Keeps]:
        """By the name of the adapter's store."""
        kept: dict[str, Keeps] = {}
        for store, adapter, customer in self._asked(owned, calls):
            if isinstance(adapter, KeepsOfCustomers):
                kept[store] = await adapter.kept_of(customer)
        return kept

    def left_out(self, owned: Belongings) -> list[str]:
        """Channels of his that are not in the settings: what they kept in journals stays."""
        known = {str(id_) for id_ in self._adapters.channels}
        return sorted({channel for channel, _ in owned.names} - known)

    def _asked(self, owned: Belongings, calls: Calls) -> Iterable[tuple[str, object, Customer]]:
        def made(place: str) -> tuple[tuple[str, WorkspaceUserId | None], ...]:
            return tuple((key, user) for where, key, user in calls if where == place)

        for id_, channel in self._adapters.channels.items():
            names = tuple(Address(name) for where, name in owned.names if where == id_)
            if names:
                customer = Customer(contact=owned.contact, names=names, calls=made(id_))
                yield f"channels.{id_}", channel, customer
        for workspace_id, workspace in self._adapters.workspaces.items():
            threads = threads_in(owned, workspace_id)
            customer = Customer(contact=owned.contact, threads=threads, calls=made(workspace_id))
            yield f"workspaces.{workspace_id}", workspace, customer


def threads_in(owned: Belongings, workspace: WorkspaceId) -> tuple[ThreadRef, ...]:
    """The threads of his conversations there."""
    found = (each["thread"] for each in owned.bindings if each["workspace"] == workspace)
    return tuple(dict.fromkeys(ThreadRef(str(thread)) for thread in found if thread))


def names_him(body: object, names: Iterable[tuple[str, str]]) -> bool:
    """Whether what nobody understood, or could decide, has an address of his in it."""
    written = body if isinstance(body, bytes) else str(body).encode()
    return any(needle in written for _, name in names for needle in _needles(name))


def _needles(name: str) -> Iterable[bytes]:
    """An address as we write it, and as platforms do: without what we put before it."""
    for each in {name, name.lstrip("+"), name.rpartition(":")[2]}:
        if len(each) >= _SHORTEST:
            yield each.encode()


_SHORTEST = 5
