"""Everything about the simulated Slack that a test may turn."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """Seconds. The defaults are Slack's own."""

    ack_within: float = 3.0
    """An event, command, click or picker that is not answered by then has failed."""
    retry_after: tuple[float, ...] = (0.0, 60.0, 300.0)
    """When a failed event is sent again, counted from the failure. Then it is lost."""
    trigger_lives: float = 3.0
    response_url_lives: float = 1800.0
    ping_every: float = 5.0
    upload_shows_after: float = 0.05
    """A completed upload's message appears only this long after the answer."""
    unfurl_after: float = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Quirks:
    """What Slack does that nobody likes, each with its switch."""

    history_lag: float = 0.0
    """Seconds for which a new post is missing from history and replies."""
    without_socket: Literal["retry", "lose"] = "retry"
    """Events while no socket is connected: Slack promises nothing."""
    deleted_root: Literal["refuse", "in_channel", "accept"] = "refuse"
    """A reply under a root that is gone: `thread_not_found` (a maintainer, bolt-js#2307),
    or it lands in the channel for all to see (python-slack-events-api#87), or it is taken."""
    unfurls: bool = True
    """A link without `unfurl_links=false` brings a `message_changed` without an edit."""
    thread_counts: bool = True
    """A reply brings a `message_changed` of its root without an edit."""
    root_always_in_replies: bool = True
    """`conversations.replies` gives the root even where `oldest` excludes it."""
    update_text_bytes: int = 4_000
    """`chat.update` answers `msg_too_long` beyond it, counted in bytes after escaping."""
    blocks_characters: int = 13_200
    """All blocks of a message together; beyond it `msg_blocks_too_long` (bolt-js#2509)."""
    max_sockets: int = 10
    events_per_hour: int = 30_000
    disables_below: float = 0.05
    """Share of HTTP deliveries that must succeed within an hour, else the URL is disabled."""
    disables_after: int = 1_000
    """Deliveries within an hour before the share is looked at."""


def turned(quirks: Quirks, changes: Mapping[str, float | bool | str]) -> Quirks:
    """The quirks with other values. Raises `TypeError` for one that does not exist."""
    # Any: the names and types of fields are only known to the dataclass itself.
    values: dict[str, Any] = {one.name: getattr(quirks, one.name) for one in fields(quirks)}
    return Quirks(**{**values, **changes})
