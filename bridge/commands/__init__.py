"""What people can ask for: one file per command."""
