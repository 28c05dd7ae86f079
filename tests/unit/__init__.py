"""One part at a time, no I/O."""
