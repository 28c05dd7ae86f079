"""What Slack can show and do.

Sizes: docs.slack.dev, chat.postMessage and file uploads, read November 2026. Blocks of one message
take about 13,000 characters together; a rich text has no limit of its own.
"""

from bridge.ports.capabilities import Support, WorkspaceCapabilities

CAPABILITIES = WorkspaceCapabilities(
    max_text=8_000,
    max_file=100 * 1024 * 1024,
    quotes=Support.TEXT,
    reactions=Support.NATIVE,
    edits=Support.NATIVE,
    deletes=Support.NATIVE,
    choices=Support.TEXT,
    location=Support.TEXT,
    contact_card=Support.TEXT,
    private_threads=True,
    marks=True,
    repeats=True,
    redraw_every=5_000,
    rooms_follow_queues=False,
)
