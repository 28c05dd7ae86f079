"""Everything about the simulated Graph that a test may turn."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Quirks:
    """What Graph does, each with its switch. The defaults are Meta's own."""

    closed_window: Literal["refuse", "fail_later"] = "fail_later"
    """Free text after 24 hours: an error at once, or a 200 and a failed status."""
    media_url_lives: float = 300.0
    """Seconds."""
    webhook_within: float = 10.0
    """Seconds; a webhook that is not answered by then has failed."""
    retry_after: tuple[float, ...] = ()
    """Seconds of real time between the tries that the simulator makes by itself."""
    redelivers_for: float = 7 * 24 * 60 * 60.0
    """Seconds of simulated time; what was not taken until then is lost."""
    batch: int = 1
    """Changes in one webhook; fewer go out when `flush` is called."""
    page: int = 25
    """Templates in one page unless asked otherwise; never more than 100."""
    tells_pricing: bool = True
