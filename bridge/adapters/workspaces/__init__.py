"""The agents' side: one folder per workspace."""
