"""Everything about the simulated Telegram that a test may turn."""

from dataclasses import dataclass

WEEK = 7 * 24 * 3600.0
DAY = 24 * 3600.0
HOUR = 3600.0
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Quirks:
    """What Telegram does, each with its switch. The defaults are Telegram's own."""

    keeps_updates: float = DAY
    """Seconds; an update that nobody fetched is lost after that."""
    ids_restart_after: float = WEEK
    """Seconds without an update, after which the next has a random id."""
    longest_poll: float = 50.0
    """Seconds; Telegram does not wait longer whatever it is asked for."""
    link_lives: float = HOUR
    """Seconds that the address of a file is good for."""
    most_download: int = 20 * MEGABYTE
    most_upload: int = 50 * MEGABYTE
    most_photo: int = 10 * MEGABYTE
    deletes_within: float = 2 * DAY
    """Seconds; an older message cannot be deleted."""
    query_lives: float = 15 * 60.0
    """Seconds in which a press of a button can be answered."""
    webhook_wants_https: bool = False
    """Telegram's own servers do; one that somebody hosts himself does not."""
    webhook_within: float = 10.0
    """Seconds; a webhook that is not answered by then has failed."""
    webhook_retries: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
    """Seconds of real time between tries; after the last the update is lost."""
