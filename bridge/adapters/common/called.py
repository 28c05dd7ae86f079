"""Finds in a line of ours the name of the one whom it mentions; pure."""

from bridge.domain.text import FormattedText, Paragraph, Plain


def around(text: FormattedText, name: str) -> tuple[str, FormattedText] | None:
    """The words before this name and the text after it; None where the first words lack it."""
    match text:
        case (Paragraph(spans=(Plain(text=words), *spans)), *blocks) if name and name in words:
            before, _, after = words.partition(name)
            return before, (Paragraph(spans=(Plain(text=after), *spans)), *blocks)
    return None
