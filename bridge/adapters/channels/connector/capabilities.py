"""What a connector's platform can show and do: what its settings say."""

from bridge.adapters.channels.connector.settings import ConnectorSettings
from bridge.domain.content import FileKind
from bridge.ports.capabilities import ChannelCapabilities, Support

_MEBIBYTE = 1024 * 1024


def capabilities(settings: ConnectorSettings) -> ChannelCapabilities:
    """The declaration, as the core asks it."""
    return ChannelCapabilities(
        max_text=settings.max_text,
        max_file=settings.max_file_mib * _MEBIBYTE,
        file_kinds=frozenset(FileKind) if settings.max_file_mib else frozenset(),
        formatting=settings.formatting,
        quotes=Support(settings.quotes),
        reactions=Support(settings.reactions),
        edits=Support(settings.edits),
        deletes=Support(settings.deletes),
        choices=Support(settings.choices),
        max_choices=settings.max_choices,
        location=Support(settings.location),
        contact_card=Support(settings.contact_card),
        templates=Support(settings.templates),
        typing=settings.typing,
        receipts=settings.receipts,
        starts_conversations=settings.starts_conversations,
        phones=settings.phones,
        reply_window=settings.reply_window,
        repeats=settings.repeats,
    )
