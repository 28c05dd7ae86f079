"""The guard in front of addresses that came in data."""
