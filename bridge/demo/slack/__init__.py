"""The demo over a simulated Slack: the real adapter and SDK, and people who act in Slack."""
