"""A wire-level stand-in of a bot platform that uses Deskbridge for the human part."""
