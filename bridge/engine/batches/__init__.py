"""From what was handed in to what is on disk: batch by batch, one in flight."""
