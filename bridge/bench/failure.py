"""What goes wrong with a benchmark."""

from bridge.domain.errors import DeskbridgeError


class BenchFailed(DeskbridgeError):
    """The run says nothing: something that was measured did not do its work."""
