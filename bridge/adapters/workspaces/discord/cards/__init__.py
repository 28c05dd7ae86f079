"""Cards and lines as Discord shows them, without I/O."""
