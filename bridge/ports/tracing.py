"""Which request is being served, so that whatever is logged meanwhile carries its id."""

from contextvars import ContextVar

current_request: ContextVar[str] = ContextVar("current_request", default="")
"""Empty outside of requests."""
