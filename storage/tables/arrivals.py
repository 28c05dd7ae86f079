"""The table of what came to processes that do not run the desk, until it is decided."""

from storage.tables.base import At, Bytes, Counted, MaybeBytes, MaybeWords, Row


class ArrivalRow(Row, table=True):
    """An event of a channel as JSON, and the entry of a journal that is written with it, if any."""

    __tablename__ = "arrival"

    id: Counted
    at: At
    body: Bytes
    adapter: MaybeWords
    journal: MaybeWords
    key: MaybeWords
    entry: MaybeBytes
