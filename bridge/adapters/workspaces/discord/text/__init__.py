"""Text of Discord: written and read."""
