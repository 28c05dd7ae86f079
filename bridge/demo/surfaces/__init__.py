"""What the demo's people have in their hands: a browser each, and nothing a browser has not."""
