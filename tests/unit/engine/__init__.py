"""What the engine decides, seen at the edges of a desk on fakes."""
