"""What the core asks of the world, as protocols and the values that cross them."""
