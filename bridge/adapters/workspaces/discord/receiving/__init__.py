"""What comes in from Discord: by the gateway, and from the history after an absence."""
