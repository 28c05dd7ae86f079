"""What Slack takes: a message a second per channel, so many a minute in all, tiers per method.

Sources: docs.slack.dev/apis/web-api/rate-limits and chat.postMessage, read November 2026. Tiers
count per method, workspace and app.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bridge.domain.errors import TemporaryFailure
from bridge.domain.ids import MINUTE, SECOND
from bridge.ports.clock import Clock
from bridge.ports.pace import Pace, Place, Rate, Urgency, Way, place, place_at_once

_TIERS: Mapping[int, int] = MappingProxyType({2: 20, 3: 50, 4: 100})
_TIER_OF: Mapping[str, int] = MappingProxyType(
    {
        "chat.postEphemeral": 4,
        "files.completeUploadExternal": 4,
        "files.getUploadURLExternal": 4,
        "files.info": 4,
        "users.info": 4,
        "conversations.members": 4,
        "views.open": 4,
        "views.push": 4,
        "views.update": 4,
        "views.publish": 4,
        "users.list": 2,
        "conversations.list": 2,
    }
)
_USUAL_TIER = 3
_EDITS = _TIERS[_USUAL_TIER]
_UNCOUNTED = frozenset({"auth.test", "chat.getPermalink"})
_POSTS = frozenset({"chat.postMessage", "files.completeUploadExternal"})
_SPARE_OF_A_TIER = 0.2
_SPARE_OF_THE_WORKSPACE = 0.05
_LEFT_TO_LINES = 4
"""Of a burst of edits, so many are left to customers' lines when cards are drawn."""

EARLY = 50
"""Milliseconds that a place is given before its moment: the desk writes down that it begins."""


class Budgets:
    """Every budget of one workspace, made when it is first asked for."""

    def __init__(
        self, clock: Clock, per_channel: float, per_minute: int, edits_per_minute: int = _EDITS
    ) -> None:
        """`per_channel` posts a second in one channel, `per_minute` in the workspace."""
        self._clock = clock
        self._channel_rate = Rate(limit=per_channel, per=SECOND, spare=0)
        rate = Rate(limit=per_minute, per=MINUTE, spare=_SPARE_OF_THE_WORKSPACE)
        self._workspace = Pace(rate, clock)
        self._way = Way()
        self._channels: dict[str, Pace] = {}
        self._methods: dict[str, Pace] = {}
        self._edits = edits_per_minute

    async def place(self, method: str, channel: str, urgency: Urgency, *, early: int = 0) -> Place:
        """Wait until this call may be made."""
        return await place(self._paces(method, channel), self._clock, urgency, early=early)

    def place_for_a_card(self, method: str, channel: str) -> Place:
        """A place for what is dropped first under pressure. Raises `TemporaryFailure`."""
        found = place_at_once(self._paces(method, channel), self._clock, _LEFT_TO_LINES)
        if isinstance(found, Place):
            return found
        raise TemporaryFailure("lines go before cards", found)

    def refused(self, method: str, channel: str, seconds: float) -> None:
        """Slack said that it was one too many: the whole budget sleeps.

        Slack does not say which of them it was. A second channel that is refused meanwhile shows
        that it is the workspace's.
        """
        paces = self._paces(method, channel)
        elsewhere = (each for name, each in self._channels.items() if name != channel)
        if method not in _POSTS or not channel or any(each.asleep for each in elsewhere):
            for pace in paces:
                pace.sleep(seconds)
        else:
            paces[0].sleep(seconds)

    def crowded(self, channel: str) -> bool:
        """Whether somebody waits for a post in this channel."""
        return self._workspace.crowded or self._channel(channel).crowded

    def _paces(self, method: str, channel: str) -> tuple[Pace, ...]:
        """The budgets that a call counts against, narrowest first."""
        if method in _UNCOUNTED:
            return ()
        own = () if method == "chat.postMessage" else (self._method(method),)
        if method in _POSTS and channel:
            return (self._channel(channel), *own, self._workspace)
        return own

    def _channel(self, channel: str) -> Pace:
        pace = self._channels.get(channel)
        if pace is None:
            pace = self._channels[channel] = Pace(self._channel_rate, self._clock, self._way)
        return pace

    def _method(self, method: str) -> Pace:
        pace = self._methods.get(method)
        if pace is None:
            tier = _TIERS[_TIER_OF.get(method, _USUAL_TIER)]
            limit = self._edits if method == "chat.update" else tier
            rate = Rate(limit=limit, per=MINUTE, spare=_SPARE_OF_A_TIER)
            pace = self._methods[method] = Pace(rate, self._clock)
        return pace
