"""Discord as a workspace."""
