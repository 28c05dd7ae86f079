"""What Discord can show and do.

Sizes: discord.com/developers/docs/resources/message and reference#uploading-files, read November
2026. `max_file` is what every server takes; one with boosts takes more, and is asked.
"""

from bridge.ports.capabilities import Support, WorkspaceCapabilities

CAPABILITIES = WorkspaceCapabilities(
    max_text=2_000,
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
