"""The connector, in front of a simulated platform."""
