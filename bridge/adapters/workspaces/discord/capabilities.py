"""What Discord can show and do.

Sizes: discord.com/developers/docs/resources/message and reference#uploading-files, read November
2026. A line takes the 2,000 characters of a message less the name of who speaks; signs that have
to be escaped need not fit in them (`cards.lines`). `max_file` is what every server takes.
"""

from bridge.ports.capabilities import Support, WorkspaceCapabilities

CAPABILITIES = WorkspaceCapabilities(
    max_text=1_900,
    max_file=10 * 1024 * 1024,
    quotes=Support.NATIVE,
    reactions=Support.NATIVE,
    edits=Support.NATIVE,
    deletes=Support.NATIVE,
    choices=Support.TEXT,
    location=Support.TEXT,
    contact_card=Support.TEXT,
    private_threads=True,
    marks=True,
    repeats=True,
    redraw_every=2_000,
    rooms_follow_queues=False,
)
