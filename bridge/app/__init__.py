"""Puts all parts together: the only place that knows every one of them."""

from bridge.app.app import App
from bridge.app.build import build

__all__ = ["App", "build"]
