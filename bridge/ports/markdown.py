"""Reads the Markdown of agents and bot files into formatted text.

What a customer wrote never comes here: his words are plain, whatever characters they have.
"""

import re

from bridge.domain.text import FormattedText, plain, to_plain

# Whatever could begin something: between words, or at the beginning of a line.
_MARK = re.compile(r"[*_~`\[\\<]|^[ \t]*(?:>|[-+](?:\s|$)|\d{1,9}[.)](?:\s|$))", re.MULTILINE)


def parse(text: str) -> FormattedText:
    """Bold, italic, strike, code, links, code blocks, quotes and lists; the rest as it was typed.

    Never raises and never drops a word: what is not understood, is too deep or leads to a place
    other than http, https, mailto or tel stays literal. A text without any mark comes back as it
    is, and costs no import.
    """
    if _MARK.search(text) is None:
        return plain(text)
    from bridge.ports import markdown_tree

    return markdown_tree.build(text) or plain(text)


render_plain = to_plain
"""The way back, for a side that shows no formatting."""
