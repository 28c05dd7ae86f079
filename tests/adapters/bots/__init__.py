"""Bots behind HTTP."""
