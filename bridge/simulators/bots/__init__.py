"""Wire-level stand-ins of bots: one of our own contract, and one for each preset."""
