"""What several adapters do alike; most of it is of chat workspaces: threads, order, surfaces."""
