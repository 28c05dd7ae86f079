"""What keeps the bot from a room is told once, until the room takes something again."""

from collections.abc import Iterator
from contextlib import contextmanager

from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.errors import CredentialsRejected, TokenRejected

_FIX = "give the bot its permissions there again, or bind another room with /queues bind"


@contextmanager
def told(site: Site, room: str) -> Iterator[None]:
    """A call for this room. What it is for waits; whoever runs the desk has to do something."""
    trouble = f"room {room}"
    try:
        yield
    except TokenRejected:
        raise  # no fault of the room: the whole workspace waits, and that is told elsewhere
    except CredentialsRejected as error:
        site.standing.wrong(trouble, str(error), _FIX)
        raise
    site.standing.right(trouble)
