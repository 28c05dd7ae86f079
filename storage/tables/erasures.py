"""The table of customers whose data was erased: what is kept of that, which is nothing of them."""

from storage.tables.base import At, Bytes, Id, Json, MaybeAt, Ref, Row


class ErasureRow(Row, table=True):
    """That somebody was erased. `names` are his addresses until it is done.

    `digests` are keyed digests of them, 16 bytes each.
    """

    __tablename__ = "erasure"

    id: Id
    contact: Ref
    at: At
    actor: Json
    names: Json
    digests: Bytes
    conversations: Json
    counts: Json
    done_at: MaybeAt
