"""Small, real implementations of ports."""
