"""What the local workspace can show and do: it is ours, so nearly everything."""

from bridge.ports.capabilities import Support, WorkspaceCapabilities

CAPABILITIES = WorkspaceCapabilities(
    max_text=100_000,
    max_file=50 * 1024 * 1024,
    quotes=Support.NATIVE,
    reactions=Support.NATIVE,
    edits=Support.NATIVE,
    deletes=Support.NATIVE,
    choices=Support.NATIVE,
    location=Support.NATIVE,
    contact_card=Support.NATIVE,
    private_threads=True,
    marks=True,
    repeats=True,
    redraw_every=200,
    rooms_follow_queues=True,
)
