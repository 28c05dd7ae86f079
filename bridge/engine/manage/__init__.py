"""The desk itself, and what surrounds a conversation."""
