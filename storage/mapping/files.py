"""Rows of stored files."""

from bridge.domain.content import File, FileKind
from storage.mapping.row import Read, Row


def file_row(file: File, created_at: int) -> Row:
    """The row of a stored file."""
    return (file.id, file.kind._value_, file.mime, file.size, file.name, created_at)


def file(row: Read) -> File:
    """The file of a row."""
    return File(id=row[0], kind=FileKind(row[1]), mime=row[2], size=row[3], name=row[4])
