"""In which thread a line stands: a reaction names the line alone."""

from bridge.adapters.workspaces.slack.client import SlackClient
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.receiving.payloads import message_of, messages_of
from bridge.adapters.workspaces.slack.refs import thread_ref
from bridge.domain.ids import ThreadRef

_REMEMBERED = 20_000


class Whereabouts:
    """Remembers where lines stand, and asks Slack about one that it has not seen."""

    def __init__(self, slack: SlackClient) -> None:
        """Nothing was seen yet."""
        self._slack = slack
        self._seen: dict[tuple[str, str], str | None] = {}

    def saw(self, channel: str, ts: str, root: str | None) -> None:
        """A line stands under this root; None: it is a root itself."""
        self._seen.pop((channel, ts), None)
        self._seen[channel, ts] = root
        while len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]

    async def thread_of(self, channel: str, ts: str) -> ThreadRef:
        """The thread that the line is in or, for a root, that it begins.

        Raises what a call raises when Slack cannot be asked: then the event is not taken.
        """
        if (channel, ts) not in self._seen:
            self.saw(channel, ts, await self._root(channel, ts))
        root = self._seen[channel, ts]
        return thread_ref(channel, root or ts)

    async def _root(self, channel: str, ts: str) -> str | None:
        """`conversations.replies` takes the ts of a reply, too, and says where it stands."""
        try:
            answer = await self._slack.call(
                "conversations.replies", channel=channel, ts=ts, limit=1, inclusive=True
            )
        except SlackRefusal:
            return None
        found = (message_of(each) for each in messages_of(answer))
        return next((line.thread_ts for line in found if line and line.ts == ts), None)
