"""Text, both ways: what agents type, and what Slack shows without parsing it."""
