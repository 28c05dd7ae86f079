"""What WhatsApp can show and do through the Cloud API."""

from bridge.domain.ids import DAY
from bridge.ports.capabilities import ChannelCapabilities, Support

MEGABYTE = 1024 * 1024
MAX_TEXT = 4_096
MAX_CHOICES = 10


def capabilities() -> ChannelCapabilities:
    """Everything but edits and deletions, which Meta offers to customers only.

    A repeated call is looked up by its key in the webhooks, never made twice.
    """
    return ChannelCapabilities(
        max_text=MAX_TEXT,
        max_file=100 * MEGABYTE,
        edits=Support.NONE,
        deletes=Support.NONE,
        choices=Support.NATIVE,
        max_choices=MAX_CHOICES,
        location=Support.NATIVE,
        contact_card=Support.NATIVE,
        templates=Support.NATIVE,
        typing=True,
        receipts=True,
        starts_conversations=True,
        phones=True,
        reply_window=DAY,
        repeats=True,
    )
