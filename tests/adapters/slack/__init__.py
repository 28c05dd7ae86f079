"""Slack as a workspace."""
