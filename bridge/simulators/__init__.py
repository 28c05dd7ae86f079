"""Wire-level stand-ins of the platforms, for tests, demo and bench."""
