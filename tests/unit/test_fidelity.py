"""What the documentation says of crossing is what the code does."""

from bridge.ports.capabilities import ChannelCapabilities, Support, WorkspaceCapabilities
from bridge.ports.fidelity import Kind, Pair, crossing_table, document
from tests.docs import CROSSING, crossing


def test_the_page_on_crossing_is_the_generated_one() -> None:
    assert CROSSING.read_text(encoding="utf-8") == crossing(), "run: python -m tests.docs"


def test_every_kind_is_answered_for_both_ways() -> None:
    table = crossing_table(ChannelCapabilities(), WorkspaceCapabilities())

    assert [row.kind for row in table] == list(Kind)


def test_the_table_follows_what_each_side_can() -> None:
    channel = ChannelCapabilities(
        formatting=False,
        file_kinds=frozenset(),
        quotes=Support.TEXT,
        location=Support.NONE,
        edits=Support.TEXT,
        max_choices=3,
    )
    workspace = WorkspaceCapabilities(quotes=Support.NONE, location=Support.NATIVE)

    table = {row.kind: row for row in crossing_table(channel, workspace)}

    def both(kind: Kind) -> tuple[Support, Support]:
        return table[kind].to_team, table[kind].to_customer

    assert both(Kind.TEXT) == (Support.NATIVE, Support.NATIVE)
    assert both(Kind.FORMATTED) == (Support.NATIVE, Support.TEXT)
    assert both(Kind.IMAGE) == (Support.NATIVE, Support.NONE)
    assert both(Kind.LARGE_FILE) == (Support.NONE, Support.NONE)
    assert both(Kind.QUOTE) == (Support.NONE, Support.TEXT)
    assert both(Kind.LOCATION) == (Support.NATIVE, Support.NONE)
    assert both(Kind.CHOICES) == (Support.TEXT, Support.NATIVE)
    assert both(Kind.MANY_CHOICES) == (Support.TEXT, Support.TEXT)
    assert both(Kind.EDIT) == (Support.NATIVE, Support.TEXT)


def test_the_page_can_be_written_in_portuguese() -> None:
    pair = Pair(
        channel="Chat do site",
        workspace="Slack",
        channel_capabilities=ChannelCapabilities(location=Support.NONE),
        workspace_capabilities=WorkspaceCapabilities(),
    )

    page = document([pair], "pt_BR")

    assert "| Localização | passa como texto | não passa; o atendente fica sabendo |" in page
