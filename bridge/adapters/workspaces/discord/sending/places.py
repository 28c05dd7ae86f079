"""Where messages of ours stand, and above all the card of a thread; pure.

In a forum it is the post itself, in a text channel the message under which the thread hangs, in a
private thread its first message.
"""

from bridge.adapters.common.threads import Thread
from bridge.adapters.workspaces.discord.routes import Route, route
from bridge.domain.value import Value


class Spot(Value):
    """The place of one message."""

    channel: str
    message: str

    @property
    def read(self) -> Route:
        """The call that gives it."""
        return self._route("GET")

    @property
    def edit(self) -> Route:
        """The call that changes it."""
        return self._route("PATCH")

    @property
    def delete(self) -> Route:
        """The call that takes it away."""
        return self._route("DELETE")

    def _route(self, method: str) -> Route:
        template = "/channels/{channel_id}/messages/{message_id}"
        return route(method, template, channel_id=self.channel, message_id=self.message)


def card_of(thread: Thread) -> Spot:
    """The card of a thread."""
    channel, _, message = (thread.root or f"{thread.ref}:{thread.ref}").partition(":")
    return Spot(channel=channel, message=message)


def root_of(channel: str, message: str) -> str:
    """How a thread remembers that its card stands there."""
    return f"{channel}:{message}"
