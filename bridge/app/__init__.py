"""Puts all parts together: the only place that knows every one of them."""

from bridge.app.app import App
from bridge.app.build import build
from bridge.app.collector import settle_in

__all__ = ["App", "build", "settle_in"]
