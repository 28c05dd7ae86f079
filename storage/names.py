"""Names that one process of a desk holds at a time."""

ENGINE = "engine"
"""Who holds this name decides and writes."""
