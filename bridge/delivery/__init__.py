"""Promises: every call to a platform is made from here, in lanes."""
