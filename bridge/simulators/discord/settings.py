"""Everything about the simulated Discord that a test may turn."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """Seconds. The defaults are Discord's own, or the best known guess where it tells none."""

    answer_within: float = 3.0
    """An interaction that has no first response by then has failed."""
    token_lives: float = 900.0
    """An interaction's token, for follow-ups and edits."""
    nonce_lives: float = 180.0
    """`enforce_nonce`: officially "the past few minutes"."""
    heartbeat: float = 41.25
    resume_within: float = 180.0
    """A session without a connection is forgotten after this."""
    links_live: float = 86_400.0
    """A signed address of an attachment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quirks:
    """What Discord does that nobody likes, and the sizes of things."""

    history_lag: float = 0.0
    """Seconds for which a new message is missing from lists (not from a read by its id)."""
    max_active_threads: int = 1_000
    max_thread_members: int = 1_000
    identifies_per_day: int = 1_000
    """One more, and the bot's token is reset."""
    identify_every: float = 0.0
    """Two IDENTIFYs of one bot closer than this are an invalid session (Discord: 5 seconds)."""
    max_webhooks: int = 15
    max_request: int = 25 * 1024 * 1024
    replay_events: int = 10_000
    """Events a session keeps for RESUME; one that missed more is invalid."""
