"""Kill it at any moment; nothing acknowledged is lost, doubled or reordered."""
