"""The SQLite database: one writer, readers apart, one commit for all that waits."""
