"""The HTTP face of the simulated Slack."""
