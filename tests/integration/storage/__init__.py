"""The database itself: constraints, faults, files, upgrades."""
