"""What a thread shows follows from its journal alone."""

from bridge.adapters.workspaces.local.entries import (
    Accepted,
    Closed,
    Deleted,
    Edited,
    Marked,
    Posted,
    Reacted,
    ThreadEntry,
    encode,
    read_thread_entry,
)
from bridge.adapters.workspaces.local.timeline import Line, Timeline
from bridge.domain.content import text_content
from bridge.domain.delivery import Mark
from bridge.domain.ids import Instant, MessageId, WorkspaceUserId
from bridge.domain.message import Author

ANA = WorkspaceUserId("u-ana")


def line(
    text: str, *, at: int = 0, name: str = "Ana", user: WorkspaceUserId | None = None
) -> Posted:
    return Posted(
        at=Instant(at), author=Author.AGENT, name=name, content=text_content(text), user=user
    )


def after(*entries: ThreadEntry) -> Timeline:
    timeline = Timeline()
    for seq, entry in enumerate(entries, 1):
        timeline.apply(seq, read_thread_entry(encode(entry)))
    return timeline


def first(*entries: ThreadEntry) -> Line:
    return next(after(*entries).lines())


def test_an_entry_taken_twice_changes_nothing() -> None:
    timeline = after(line("one"))

    timeline.apply(1, line("another"))

    assert [each.content.words() for each in timeline.lines()] == ["one"]


def test_an_edit_changes_the_words_and_says_so() -> None:
    shown = first(line("one"), Edited(line=1, content=text_content("two")))

    assert (shown.content.words(), shown.edited) == ("two", True)


def test_a_deleted_line_keeps_its_place_and_no_word() -> None:
    shown = first(line("secret", user=ANA), Deleted(line=1))

    assert (shown.deleted, shown.content.words(), shown.raw) == (True, "", "")


def test_a_persons_line_is_not_shown_as_sent_until_the_desk_took_it() -> None:
    assert not first(line("hi", user=ANA)).accepted

    taken = first(line("hi", user=ANA), Accepted(line=1, message=MessageId(7)))

    assert (taken.accepted, taken.message) == (True, 7)


def test_a_mark_is_there_once_and_goes_away() -> None:
    failed = Marked(line=1, mark=Mark.FAILED)

    assert first(line("hi"), failed, failed).marks == (Mark.FAILED,)
    assert first(line("hi"), failed, Marked(line=1, mark=Mark.FAILED, removed=True)).marks == ()


def test_a_reaction_counts_once_per_person() -> None:
    thumb = Reacted(line=1, emoji="👍", name="Ana", user=ANA)
    back = Reacted(line=1, emoji="👍", name="Ana", user=ANA, removed=True)

    assert len(first(line("hi"), thumb, thumb).reactions) == 1
    assert first(line("hi"), thumb, back).reactions == ()


def test_lines_of_one_person_within_five_minutes_are_one_group() -> None:
    timeline = after(line("a"), line("b", at=60_000), line("c", at=500_000), line("d", name="Bia"))

    assert [each.follows for each in timeline.lines()] == [False, True, False, False]


def test_a_page_gives_the_newest_lines_and_whether_there_are_older_ones() -> None:
    timeline = after(*(line(str(number)) for number in range(5)))

    newest, more = timeline.page(None, 2)
    older, no_more = timeline.page(newest[0].seq, 3)

    assert [each.content.words() for each in newest] == ["3", "4"]
    assert more
    assert [each.content.words() for each in older] == ["0", "1", "2"]
    assert not no_more


def test_what_is_said_of_an_unknown_line_is_ignored() -> None:
    timeline = after(line("hi"), Deleted(line=99), Closed())

    assert [each.deleted for each in timeline.lines()] == [False]
    assert timeline.closed


def test_the_newer_picture_of_a_line_has_the_higher_number() -> None:
    assert first(line("hi")).changed == 1
    assert first(line("hi"), Marked(line=1, mark=Mark.NOTE)).changed == 2
