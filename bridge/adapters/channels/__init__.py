"""The customers' side: one folder per channel."""
