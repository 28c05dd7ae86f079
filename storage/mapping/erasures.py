"""Rows of erasures: whom, by whom, and how far it is."""

import msgspec

from bridge.domain.erasure import Erasure
from bridge.domain.events import Actor
from bridge.domain.ids import Address, ChannelId
from storage.mapping.row import Read, Row

_KEY = 16
_encode = msgspec.json.Encoder().encode
_actor = msgspec.json.Decoder(Actor).decode
_names = msgspec.json.Decoder(tuple[tuple[ChannelId, Address], ...]).decode
_numbers = msgspec.json.Decoder(tuple[int, ...]).decode
_counts = msgspec.json.Decoder(dict[str, int]).decode


def erasure_row(erasure: Erasure) -> Row:
    """The row of an erasure."""
    return (
        erasure.id,
        erasure.contact,
        erasure.at,
        _encode(erasure.by).decode(),
        _encode(erasure.names).decode(),
        b"".join(erasure.digests),
        _encode(erasure.conversations).decode(),
        _encode(erasure.counts).decode(),
        erasure.done_at,
    )


def erasure(row: Read) -> Erasure:
    """The erasure of a row."""
    return Erasure(
        id=row[0],
        contact=row[1],
        at=row[2],
        by=_actor(row[3]),
        names=_names(row[4]),
        digests=digests(row[5]),
        conversations=_numbers(row[6]),
        counts=_counts(row[7]),
        done_at=row[8],
    )


def digests(written: bytes) -> tuple[bytes, ...]:
    """The digests that were written one after the other."""
    return tuple(bytes(written[at : at + _KEY]) for at in range(0, len(written), _KEY))
