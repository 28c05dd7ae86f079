"""What adapters of chat workspaces share."""
