"""Deskbridge: customers on their channels, agents in their workspace, one engine between them."""
