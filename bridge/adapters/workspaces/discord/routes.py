"""What is called at Discord, and whose budget it counts against; pure.

discord.com/developers/docs/topics/rate-limits, read November 2026: a bucket is a route together
with its channel, guild or webhook; interactions are outside the bot's own limit.
"""

from urllib.parse import quote

from bridge.domain.value import Value

_MAJORS = ("channel_id", "guild_id", "webhook_id")
_OUTSIDE = ("/interactions/", "/webhooks/")
_ONCE = frozenset(
    {
        "POST /channels/{channel_id}/messages",
        "POST /channels/{channel_id}/threads",
        "POST /channels/{channel_id}/messages/{message_id}/threads",
        "POST /webhooks/{webhook_id}/{token}",
        "POST /guilds/{guild_id}/channels",
    }
)


class Route(Value):
    """One address of the API. `key` names it without ids, `major` whose it is."""

    method: str
    key: str
    path: str
    major: str = ""

    @property
    def once(self) -> bool:
        """Whether its effect is there twice when it is called twice."""
        return self.key in _ONCE

    @property
    def counted(self) -> bool:
        """Whether it counts against what the bot may do in all."""
        return not self.path.startswith(_OUTSIDE)


def route(method: str, template: str, **ids: str) -> Route:
    """An address: `route("POST", "/channels/{channel_id}/messages", channel_id=thread)`."""
    return Route(
        method=method,
        key=f"{method} {template}",
        path=template.format_map({name: quote(id_, safe="") for name, id_ in ids.items()}),
        major=next((ids[name] for name in _MAJORS if name in ids), ""),
    )
