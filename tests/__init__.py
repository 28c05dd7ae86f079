"""Tests: promises kept, seen from outside."""
