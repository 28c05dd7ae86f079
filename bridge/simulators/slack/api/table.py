"""All methods of the Web API that are simulated. Any other is `unknown_method`."""

from bridge.simulators.slack.api import (
    auth,
    chat,
    conversations,
    files,
    history,
    people,
    reactions,
    views,
)
from bridge.simulators.slack.api.method import joined_families

METHODS = joined_families(
    auth.family,
    chat.family,
    conversations.family,
    files.family,
    history.family,
    people.family,
    reactions.family,
    views.family,
)
