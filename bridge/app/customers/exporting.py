"""Gives one customer's data as lines of JSON: every row, page by page, in the order of the walk."""

import base64
from collections.abc import AsyncIterator, Mapping

import msgspec

from bridge.app.customers.belongings import Belongings
from bridge.app.customers.walking import Page, Walk
from bridge.ports.personal import Cell, Record

VERSION = 1

_JSON = {
    "message": ("content",),
    "event": ("actor", "data"),
    "delivery": ("body",),
    "inbox": ("body",),
    "document": ("body",),
    "journal": ("body",),
}
"""Columns that are JSON, as a rule."""


async def exported(walk: Walk, owned: Belongings) -> AsyncIterator[Mapping[str, object]]:
    """Every row as `{"table": ..., "row": {...}}`, who he is first."""
    for identity in owned.identities:
        yield _line("identity", identity)
    for channel, address in owned.names:
        yield {"table": "alias", "row": {"channel": channel, "address": address}}
    async for page in walk.pages():
        for line in _lines(page):
            yield line


def _lines(page: Page) -> list[Mapping[str, object]]:
    return [_line(page.table, row) for row in page.rows]


def _line(table: str, row: Record) -> Mapping[str, object]:
    readable = _JSON.get(table, ())
    shown = {name: _read(cell) if name in readable else cell for name, cell in row.items()}
    return {"table": table, "row": {name: _plain(cell) for name, cell in shown.items()}}


def _read(cell: Cell) -> object:
    """What is said in JSON is put there as it is."""
    if not isinstance(cell, str | bytes) or not cell:
        return cell
    try:
        found: object = msgspec.json.decode(cell)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return cell
    return found


def _plain(value: object) -> object:
    """Bytes as text, if they are, else in base64."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}
