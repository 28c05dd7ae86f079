"""Block Kit: what Slack accepts of it."""
