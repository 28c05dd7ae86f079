"""What a database itself does not trust of what it has."""

from sqlalchemy import Text, literal_column, select, text, union_all

from storage.statements.dialects import Kind, Postgres, Statement


def statements(of: Kind) -> dict[str, Statement]:
    """By name. SQLite is asked in another way, see `storage.sqlite.backup.problems`."""
    if not isinstance(of, Postgres):
        return {}
    index = literal_column("indexrelid::regclass::text", Text)
    constraint = literal_column("conname::text", Text)
    invalid = literal_column("'this index is not valid'", Text)
    unproved = literal_column("'older rows were not compared with this'", Text)
    return {
        "untrusted": union_all(
            select(index, invalid).select_from(text("pg_index")).where(text("NOT indisvalid")),
            select(constraint, unproved)
            .select_from(text("pg_constraint"))
            .where(text("NOT convalidated")),
        )
    }
