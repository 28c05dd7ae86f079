"""Prints a few columns."""

from collections.abc import Sequence


def show(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Plain columns, so that other programs can read them too."""
    texts = [[_cell(value) for value in row] for row in (headings, *rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(headings))]
    for row in texts:
        print(
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        )


def _cell(value: object) -> str:
    match value:
        case None | "" | [] | ():
            return "-"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ",".join(map(str, value))
        case _:
            return "".join(char for char in str(value) if char.isprintable())
