"""Bad networks and bad platforms: every fault ends with nothing lost and everybody told once."""
