"""What adapters write and read through their own store, and what is kept of files."""

from sqlalchemy import bindparam, literal_column, select, text

from storage import tables
from storage.statements.build import first, ignored, upserted
from storage.statements.dialects import Kind, Statement

_j = tables.journal.c
_journal = (_j.adapter == bindparam("adapter"), _j.journal == bindparam("journal"))
_entry = select(_j.seq, _j.body).where(*_journal)
# Written out, so that SQLite sees that the partial index is meant.
_appended = text("NOT handed_in")

_d = tables.document.c
_collection = (_d.adapter == bindparam("adapter"), _d.collection == bindparam("collection"))
_document = (*_collection, _d.key == bindparam("key"))


def statements(of: Kind) -> dict[str, Statement]:
    """By name."""
    return {
        "append_entry": ignored(of, tables.journal, "adapter", "journal", "key", where=_appended),
        "hand_in_entry": of.insert(tables.journal),
        "find_appended": _entry.where(_j.key == bindparam("key"), _appended),
        "find_handed_in": _entry.where(_j.key == bindparam("key"), _j.handed_in)
        .order_by(_j.seq.desc())
        .limit(literal_column("1"))
        .offset(literal_column("0")),
        "read_entries": first(_entry.where(_j.seq > bindparam("after")).order_by(_j.seq)),
        "tail_entries": first(_entry.where(_j.seq < bindparam("before")).order_by(_j.seq.desc())),
        "put_document": upserted(of, tables.document),
        "get_document": select(_d.body).where(*_document),
        "remove_document": of.remove(tables.document),
        "scan_documents": select(_d.key, _d.body).where(*_collection).order_by(_d.key),
        "insert_file": of.insert(tables.file),
        "remove_file": of.remove(tables.file),
        "find_file": select(tables.file).where(tables.file.c.id == bindparam("id")),
    }
