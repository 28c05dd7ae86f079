"""A whole desk takes bad input, a sick disk and a hasty stop, and nobody loses a line."""
