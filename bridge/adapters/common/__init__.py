"""What adapters of chat workspaces share: threads, order, catching up, asking the desk."""
