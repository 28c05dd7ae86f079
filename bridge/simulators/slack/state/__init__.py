"""What the simulated Slack remembers."""
