"""Distribution, pure: who gets whom, in which order."""
