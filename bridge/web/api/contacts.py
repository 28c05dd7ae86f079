"""Operations of the operator on customers: find one, give him his data, erase it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol

from pydantic import Field, StringConstraints

from bridge.domain.erasure import Erasure
from bridge.domain.ids import ContactId
from bridge.domain.moves import EndForErasure, EraseContact, Move, Outcome
from bridge.engine.engine import Engine
from bridge.web.api.changing import sentence
from bridge.web.api.fields import Body, Nothing, Shape, maybe_moment, moment
from bridge.web.api.route import AnyRoute, Call, Route
from bridge.web.problems import Refused
from bridge.web.tokens import entry_point


class Thread(Shape):
    """A thread of a platform that we cannot remove; `link` opens it, where that is known."""

    workspace: str
    thread: str
    link: str


class Known(Shape):
    """A customer: his addresses as `channel/address`, and how much there is of him.

    `open` are the numbers of conversations that have not ended.
    """

    id: str
    name: str
    addresses: tuple[str, ...]
    conversations: int
    open: tuple[int, ...]
    tickets: int
    threads: int


class KnownList(Shape):
    """Whoever may be meant."""

    contacts: tuple[Known, ...]


class Remains(Shape):
    """What of somebody who was erased is out of our reach.

    `channels` are those of his that are not in the settings: what their adapters kept stays.
    `copies` are those that migrations have made of the database, with their age.
    """

    threads: tuple[Thread, ...]
    channels: tuple[str, ...]
    copies: tuple[str, ...] = ()


class ErasureShape(Shape):
    """An erasure: whose it is by number, who did it, and how much of what has gone."""

    id: str
    contact: str
    at: datetime
    by: str
    conversations: tuple[int, ...]
    counts: dict[str, int]
    done_at: datetime | None


class ErasureList(Shape):
    """Oldest first."""

    erasures: tuple[ErasureShape, ...]


class OneErasure(Shape):
    """An erasure, and what is left of it elsewhere. It `waits` when it is for the next start."""

    erasure: ErasureShape
    remains: Remains
    waits: bool = False


class ExportPart(Shape):
    """Some rows of a customer, each with its table; `next` is what the next ones are asked by."""

    lines: tuple[dict[str, Any], ...]  # Any: what the columns of each table are
    next: str | None


class Who(Body):
    """Whom to look for; `exact` leaves out who only has it in his name or address."""

    who: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    exact: Annotated[bool, Field(strict=False)] = False


class After(Body):
    """Where an export goes on; without it a new one begins."""

    after: Annotated[str, StringConstraints(max_length=40)] = ""


class Customers(Protocol):
    """What knows customers. All of it raises `StorageUnavailable`."""

    async def named(self, who: str) -> Sequence[Known]:
        """Whom this names exactly: by `#number`, an address or an id."""
        ...

    async def find(self, text: str) -> Sequence[Known]:
        """The same, and whose name or known address has it in it."""
        ...

    async def known(self, contact: ContactId) -> Known | None:
        """One customer."""
        ...

    async def export(self, contact: ContactId) -> str | None:
        """Begin an export; gives its name. None: there is no such customer."""
        ...

    async def exported(self, name: str) -> tuple[Sequence[Mapping[str, object]], bool] | None:
        """The next lines, and whether more come; None: nothing of that name is under way."""
        ...

    async def erasures(self) -> Sequence[Erasure]:
        """Every erasure."""
        ...

    async def remains(self, erasure: Erasure) -> Remains:
        """What of it is out of our reach."""
        ...


class Erasing(Protocol):
    """Removes what people said who were erased."""

    def look(self) -> None:
        """Another one has begun."""
        ...

    def waits(self, erasure: int) -> bool:
        """Whether it is left for the next start, because calls are still to be made."""
        ...


class Contacts:
    """The operations. `erasing` is told that an erasure has begun, and does the rest of it."""

    def __init__(self, engine: Engine, customers: Customers, erasing: "Erasing") -> None:
        """Of this desk."""
        self._engine = engine
        self._customers = customers
        self._erasing = erasing
        self._exporting = asyncio.Lock()

    def routes(self) -> list[AnyRoute]:
        """All of them are the command line's alone."""
        one = "/v1/contacts/{contact}"
        return [
            _route("GET", "/v1/contacts", self._find, Who, KnownList),
            _route("GET", one, self._one, Nothing, Known),
            _route("GET", f"{one}/export", self._export, After, ExportPart),
            _route("POST", f"{one}/end", self._end, Nothing, Known),
            _route("POST", f"{one}/erase", self._erase, Nothing, OneErasure),
            _route("GET", "/v1/erasures", self._erasures, Nothing, ErasureList),
            _route("GET", "/v1/erasures/{erasure}", self._erasure, Nothing, OneErasure),
        ]

    async def _find(self, call: Call[Nothing, Who]) -> KnownList:
        """Find customers by a conversation's number, an address, an id or a name."""
        look = self._customers.named if call.query.exact else self._customers.find
        return KnownList(contacts=tuple(await look(call.query.who)))

    async def _one(self, call: Call[Nothing, Nothing]) -> Known:
        """Say how much there is of a customer."""
        known = await self._customers.known(_contact(call))
        if known is None:
            raise _nobody()
        return known

    async def _export(self, call: Call[Nothing, After]) -> ExportPart:
        """Read all that there is of a customer, part by part."""
        name = call.query.after or await self._customers.export(_contact(call))
        if name is None:
            raise _nobody()
        async with self._exporting:
            found = await self._customers.exported(name)
        if found is None:
            raise Refused(404, "not_found", "This export is not under way any more: begin again.")
        lines, more = found
        return ExportPart(lines=tuple(map(dict, lines)), next=name if more else None)

    async def _end(self, call: Call[Nothing, Nothing]) -> Known:
        """End what is open of a customer who is to be erased."""
        await self._carry_out(call, EndForErasure(contact=_contact(call)))
        return await self._one(call)

    async def _erase(self, call: Call[Nothing, Nothing]) -> OneErasure:
        """Erase a customer: his names at once, the rest bit by bit from now on."""
        outcome = await self._carry_out(call, EraseContact(contact=_contact(call)))
        self._erasing.look()
        return await self._found(outcome.data["id"])

    async def _erasures(self, _call: Call[Nothing, Nothing]) -> ErasureList:
        """List who was erased, by number, and by whom."""
        return ErasureList(erasures=tuple(map(_shape, await self._customers.erasures())))

    async def _erasure(self, call: Call[Nothing, Nothing]) -> OneErasure:
        """Say how far an erasure is, and what is left elsewhere."""
        return await self._found(call.path["erasure"])

    async def _found(self, id: str) -> OneErasure:
        for each in await self._customers.erasures():
            if str(each.id) == id:
                remains = await self._customers.remains(each)
                waits = self._erasing.waits(each.id)
                return OneErasure(erasure=_shape(each), remains=remains, waits=waits)
        raise Refused(404, "not_found", "There is no such erasure.")

    async def _carry_out(self, call: Call[Nothing, Nothing], move: Move) -> Outcome:
        outcome = await self._engine.carry_out(move, call.actor, entry_point(call.actor))
        if outcome.code == "unknown_contact":
            raise _nobody()
        if not outcome.ok:
            raise Refused(409, outcome.code, sentence(outcome, call.language))
        return outcome


def _route(
    method: str,
    path: str,
    handler: Callable[[Call[Any, Any]], Any],  # Any: each has a query and an answer of its own
    query: type[Body],
    answer: type[Shape],
) -> AnyRoute:
    return Route(
        method=method,
        path=path,
        scope=None,
        handler=handler,
        body=Nothing,
        query=query,
        answer=answer,
    )


def _contact(call: Call[Any, Any]) -> ContactId:  # Any: whatever else it brings
    word = call.path["contact"]
    if not (word.isascii() and word.isdigit() and len(word) <= 18):
        raise _nobody()
    return ContactId(int(word))


def _nobody() -> Refused:
    return Refused(404, "unknown_contact", "There is no such customer.")


def _shape(erasure: Erasure) -> ErasureShape:
    return ErasureShape(
        id=str(erasure.id),
        contact=str(erasure.contact),
        at=moment(erasure.at),
        by=erasure.by.name,
        conversations=erasure.conversations,
        counts=erasure.counts,
        done_at=maybe_moment(erasure.done_at),
    )
