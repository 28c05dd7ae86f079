"""Tables, the batch writer and the reads, on SQLite and PostgreSQL."""
