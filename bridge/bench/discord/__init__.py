"""How well Discord's limits are used, in front of a simulated one that counts strictly."""
