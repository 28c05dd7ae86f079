"""Lines and what becomes of them, in both directions."""
