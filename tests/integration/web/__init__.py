"""The HTTP side of a whole desk."""
