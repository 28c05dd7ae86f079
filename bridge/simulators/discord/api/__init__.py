"""The REST operations, each a pure step on the world."""
