"""Who holds a conversation, and everything that changes it."""
