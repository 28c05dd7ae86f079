"""The whole story without a browser: every feature, and what the other party saw of it."""
