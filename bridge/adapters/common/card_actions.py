"""What a card offers where its platform has no composer of our own."""

from collections.abc import Iterator, Sequence

from bridge.domain.card import CardAction


def with_note(actions: Sequence[CardAction]) -> Iterator[CardAction]:
    """A note is one of the things one does while in control; it has no way of its own there."""
    in_control = any(action.command == "return-to-bot" for action in actions)
    for action in actions:
        if action.command == "events" and in_control:
            yield CardAction(command="note")
        yield action
