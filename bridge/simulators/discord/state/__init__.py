"""What the simulated Discord knows, and the rules by which it changes."""
