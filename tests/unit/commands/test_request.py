"""Which conversation and which line an invocation names, before anything is looked up."""

import pytest

from bridge.commands.request import named_message, named_number
from bridge.domain.ids import ThreadRef, WorkspaceUserId
from bridge.ports.commands import CommandInvoked, WorkspaceUser
from tests.unit.commands.desks import (
    WORKSPACE,
)


def invoked(
    text: str = "", number: int | None = None, arguments: dict[str, str] | None = None
) -> CommandInvoked:
    return CommandInvoked(
        workspace=WORKSPACE,
        source=(),
        user=WorkspaceUser(id=WorkspaceUserId("U1"), name="Ana"),
        command="take",
        text=text,
        arguments=arguments or {},
        thread=ThreadRef("t1"),
        number=number,
    )


@pytest.mark.parametrize(
    ("event", "number"),
    [
        (invoked(), None),
        (invoked(number=5), 5),
        (invoked("#12 @ana", number=5), 12),
        (invoked(number=5, arguments={"conversation": "#7"}), 7),
        (invoked(arguments={"conversation": "7"}), 7),
        (invoked("#12", arguments={"conversation": "7"}), 12),
        (invoked("see #12"), None),
        (invoked("#12th"), None),
        (invoked("#"), None),
        (invoked("#" + "9" * 30), None),
        (invoked("#٣"), None),
        (invoked(arguments={"conversation": "seven"}), None),
    ],
)
def test_the_conversation_that_is_named(event: CommandInvoked, number: int | None) -> None:
    assert named_number(event) == number


@pytest.mark.parametrize(
    ("word", "message"),
    [("501", 501), ("", None), ("x", None), ("-1", None), ("9" * 19, None), ("٣", None)],
)
def test_the_line_that_is_named(word: str, message: int | None) -> None:
    assert named_message(invoked(arguments={"message": word})) == message
