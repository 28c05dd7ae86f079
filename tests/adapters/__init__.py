"""Adapters in front of wire-level stand-ins."""
