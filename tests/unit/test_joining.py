"""Which lines become one post: those that one person says, in words alone, to the same people."""

from bridge.delivery.joining import MOST_LINES, joinable
from bridge.domain.content import text_content
from bridge.domain.delivery import Delivery, PostLine, Side
from bridge.domain.ids import ConversationId, DeliveryId, Instant, MessageId, WorkspaceUserId
from bridge.domain.message import Author

PLENTY = 10_000


def said(
    words: str, name: str = "Ana", *, note: bool = False, mentions: tuple[str, ...] = ()
) -> Delivery:
    """A line that waits."""
    return Delivery(
        id=DeliveryId(1),
        lane="thread:1",
        side=Side.WORKSPACE,
        place="slack",
        conversation=ConversationId(1),
        created_at=Instant(0),
        body=PostLine(
            message=MessageId(1),
            content=text_content(words),
            author=Author.AGENT,
            name=name,
            note=note,
            mentions=tuple(WorkspaceUserId(each) for each in mentions),
        ),
    )


def test_what_one_person_says_becomes_one_post() -> None:
    lines = [said("one"), said("two"), said("three", "Bruno")]

    assert joinable(lines, PLENTY) == tuple(lines[:2])


def test_a_note_is_never_joined_with_a_reply() -> None:
    reply, note = said("it costs 10"), said("she is angry", note=True)

    assert joinable([reply, note], PLENTY) == (reply,)
    assert joinable([note, reply], PLENTY) == (note,)


def test_notes_are_joined_with_notes() -> None:
    notes = [said("she is angry", note=True), said("very", note=True)]

    assert joinable(notes, PLENTY) == tuple(notes)


def test_a_line_that_calls_somebody_stands_alone() -> None:
    plain, calling = said("one"), said("two", mentions=("U1",))

    assert joinable([plain, calling], PLENTY) == (plain,)
    assert joinable([calling, plain], PLENTY) == (calling,)


def test_a_post_holds_only_so_much() -> None:
    lines = [said("x" * 10) for _ in range(MOST_LINES + 5)]

    assert len(joinable(lines, 31)) == 2
    assert len(joinable(lines, PLENTY)) == MOST_LINES
