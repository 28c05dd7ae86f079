"""From where in Discord a command comes."""

from bridge.adapters.common.running import Where
from bridge.adapters.workspaces.discord.surfaces.occasion import Occasion


def where_of(occasion: Occasion) -> Where:
    """The place of an interaction."""
    return Where(key=occasion.key, thread=occasion.thread, room=occasion.room)
