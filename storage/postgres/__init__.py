"""The PostgreSQL database: one writer under a lease, readers apart, one commit for all."""
