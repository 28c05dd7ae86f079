"""What Telegram can show and do through the Bot API."""

from bridge.ports.capabilities import ChannelCapabilities, Support

MEGABYTE = 1024 * 1024
MAX_TEXT = 4_096
MAX_CHOICES = 30
MAX_PHOTO = 10 * MEGABYTE


def capabilities(max_file: int = 50 * MEGABYTE) -> ChannelCapabilities:
    """Everything but templates. A bot is not told what became of its lines.

    `max_file` in bytes, of what we send. A bot cannot begin: people write to it first.
    """
    return ChannelCapabilities(
        max_text=MAX_TEXT,
        counts_utf16=True,
        max_file=max_file,
        choices=Support.NATIVE,
        max_choices=MAX_CHOICES,
        location=Support.NATIVE,
        contact_card=Support.NATIVE,
        templates=Support.TEXT,
        typing=True,
        receipts=False,
    )
