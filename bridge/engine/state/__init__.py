"""The desk in memory, and how a batch is undone."""
