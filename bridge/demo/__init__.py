"""A desk to try at once, without an account anywhere, and the tour through all it can do."""

from bridge.demo.command import main

__all__ = ["main"]
