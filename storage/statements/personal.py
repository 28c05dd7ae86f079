"""What is read of one customer, and how it is removed; see `storage.personal`."""

from typing import Any

from sqlalchemy import BigInteger, Select, Table, Text, bindparam, or_, select, text

from storage import tables
from storage.personal import SHAPES
from storage.statements.build import first, ignored, whole
from storage.statements.dialects import Kind, Statement

# Written out, so that SQLite sees that the partial index is meant.
_DEAD = text("inbox.state = 'dead'")
_LISTED = {
    "contact": ("contact", "id"),
    "identity": ("identity", "contact"),
    "alias": ("alias", "identity"),
    "ticket": ("ticket", "contact"),
    "hold": ("hold", "conversation"),
    "binding": ("binding", "conversation"),
    "held_reply": ("held_reply", "conversation"),
    "message_link": ("message_link", "message"),
    "billed": ("billed", "conversation"),
    "delivery": ("delivery", "id"),
    "file": ("file", "id"),
    "erasure": ("erasure", "contact"),
}
"""Table and column of what is read by a list of keys."""


def _of(table: Table, what: str) -> Select[Any]:  # of the table's own columns
    return select(*(table.c[name] for name in SHAPES[what])).order_by(*table.primary_key.columns)


def _listed(of: Kind, what: str, table: Table, column: str) -> Select[Any]:
    keys = of.listed("keys", table.c[column].type)
    return _of(table, what).where(table.c[column].in_(select(*keys.columns).select_from(keys.rows)))


def _conversations(of: Kind) -> Select[Any]:
    """Of these contacts or identities: no index has them, for no line of a customer needs one."""
    c = tables.conversation.c
    contacts, people = of.listed("contacts", BigInteger()), of.listed("people", BigInteger())
    ours = c.contact.in_(select(*contacts.columns).select_from(contacts.rows))
    theirs = c.identity.in_(select(*people.columns).select_from(people.rows))
    return _of(tables.conversation, "conversation").where(or_(ours, theirs))


def _paged(table: Table, what: str) -> Select[Any]:
    """A conversation's rows behind an id, at most so many."""
    c = table.c
    return first(
        _of(table, what).where(c.conversation == bindparam("of"), c.id > bindparam("after"))
    )


def _like() -> Select[Any]:
    """Whose name, or known address, is like a pattern in which `/` escapes."""
    c = tables.identity.c
    found = c.search.like(bindparam("text", type_=Text), escape="/")
    return first(_of(tables.identity, "people_like").where(found))


def _reads(of: Kind) -> dict[str, Statement]:
    j, d = tables.journal.c, tables.document.c
    journal = (j.adapter == bindparam("adapter"), j.journal == bindparam("journal"))
    document = (d.adapter == bindparam("adapter"), d.collection == bindparam("collection"))
    entries = _of(tables.journal, "journal")
    passed = select(tables.delivery.c.id, tables.delivery.c.conversation)
    return {
        **{what: _listed(of, what, getattr(tables, name), column)
           for what, (name, column) in _LISTED.items()},
        "conversation": _conversations(of),
        "message": _paged(tables.message, "message"),
        "event": _paged(tables.event, "event"),
        "inbox": _of(tables.inbox, "inbox").where(_DEAD),
        "journal": first(entries.where(*journal, j.seq > bindparam("after"))),
        "entry": _of(tables.journal, "entry").where(*journal, j.key == bindparam("key")),
        "document": _of(tables.document, "document").where(*document, d.key == bindparam("key")),
        "people_like": _like(),
        "passed_deliveries": first(
            passed.where(tables.delivery.c.id > bindparam("after")).order_by(tables.delivery.c.id)
        ),
    }  # fmt: skip


def statements(of: Kind) -> dict[str, Statement]:
    """By name."""
    return {
        **{f"personal_{what}": statement for what, statement in _reads(of).items()},
        "all_erasures": whole(tables.erasure),
        "erased_names": select(tables.erasure.c.digests).order_by(tables.erasure.c.id),
        "insert_erasure": of.insert(tables.erasure),
        "end_erasure": of.change(tables.erasure, "names", "conversations", "counts", "done_at"),
        "remove_alias": of.remove(tables.alias),
        "remove_message_link": of.remove(tables.message_link),
        "remove_delivery": of.remove(tables.delivery),
        "remove_inbox": of.remove(tables.inbox),
        "remove_journal": of.remove(tables.journal),
        "remove_billed": of.remove(tables.billed),
        "keep_digest": ignored(of, tables.digest),
        "blank_contact": of.change(tables.contact, "name", "search"),
        "blank_conversation": of.change(tables.conversation, "bot_memory", "reason", "summary"),
        "blank_event": of.change(tables.event, "actor", "cause", "data"),
        "blank_ticket": of.change(tables.ticket, "description"),
    }
