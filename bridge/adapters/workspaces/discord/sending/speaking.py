"""How a call of the desk's is said: the line that it shows."""

from bridge.adapters.workspaces.discord.cards.lines import Line, speaker
from bridge.domain.content import Content
from bridge.ports.calls import OutboundCall


def spoken(call: OutboundCall) -> Line:
    """The line; the bot speaks for everybody, so who it is stands in the text."""
    return Line(
        text=(call.content or Content()).text,
        name=speaker(call.author, call.name),
        mentions=call.mentions,
        note=call.note,
        called=call.called,
    )
