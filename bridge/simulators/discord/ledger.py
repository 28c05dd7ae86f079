"""Every accepted write, on disk before it is answered.

Of the bot: `what` is the route, `by` the app, `path`, `body` (as it was sent) and `result`.
Of people: `what` is `person.<verb>`, `by` the user.
"""

from bridge.simulators.slack.ledger import Ledger, read_ledger

__all__ = ["Ledger", "read_ledger"]
