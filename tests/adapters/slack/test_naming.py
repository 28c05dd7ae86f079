"""An answer names commands as they are typed where it is read."""

import pytest

from bridge.adapters.workspaces.slack.text.naming import Naming
from bridge.domain.text import BlockQuote, Bold, Bullets, Paragraph, Plain, plain, to_plain

NAMES = ("take", "help", "transfer", "return-to-bot", "return")


@pytest.mark.parametrize(
    ("said", "in_thread", "prefix", "read"),
    [
        ("Take it first: /take", True, "", "Take it first: !take"),
        ("/return-to-bot [#n]: ends it", True, "", "!return-to-bot [#n]: ends it"),
        ("Take it first: /take", False, "", "Take it first: /take"),
        ("ask for /help", False, "", "ask for /desk-help"),
        ("ask for /help or /take", False, "acme-", "ask for /acme-help or /acme-take"),
        ("in/take, /taken, //take, https://a.example/take", True, "", None),
    ],
)
def test_a_command_is_named_as_it_is_typed(
    said: str, in_thread: bool, prefix: str, read: str | None
) -> None:
    naming = Naming(NAMES, prefix)

    assert to_plain(naming.here(plain(said), in_thread=in_thread)) == (read or said)


def test_also_within_lists_and_marks_but_not_where_somebody_is_quoted() -> None:
    line = Paragraph(spans=(Bold(spans=(Plain(text="/take"),)),))
    quote = BlockQuote(blocks=plain("he wrote /take"))

    [bullets, quoted] = Naming(NAMES, "").here((Bullets(items=((line,),)), quote), in_thread=True)

    assert to_plain((bullets,)).endswith("!take")
    assert quoted == quote
