"""Which consecutive lines of a thread may become one post when posts are scarce; pure."""

from collections.abc import Sequence
from itertools import islice

from bridge.domain.content import Content
from bridge.domain.delivery import Delivery, PostLine
from bridge.domain.message import Author

MOST_LINES = 20


def joinable(waiting: Sequence[Delivery], max_text: int) -> tuple[Delivery, ...]:
    """The first of them and those behind it that the same speaker says in words alone.

    Together they are at most `max_text` characters and `MOST_LINES` lines.
    """
    first = waiting[0]
    group = [first]
    if not isinstance(first.body, PostLine) or not _plain_words(first.body):
        return (first,)
    length = len(first.body.content.words())
    for delivery in islice(waiting, 1, MOST_LINES):
        body = delivery.body
        if not isinstance(body, PostLine) or not _plain_words(body):
            break
        length += 1 + len(body.content.words())
        if _speaker(body) != _speaker(first.body) or length > max_text:
            break
        group.append(delivery)
    return tuple(group)


def _speaker(body: PostLine) -> tuple[Author, str, bool]:
    """Who is read to speak, and to whom: a note is for the team alone."""
    return body.author, body.name, body.note


def _plain_words(body: PostLine) -> bool:
    words_alone = body.content == Content(text=body.content.text)
    return words_alone and not body.mentions and body.quoted is None
