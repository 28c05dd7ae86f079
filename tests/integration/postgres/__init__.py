"""PostgreSQL: what it promises beyond what every store does."""
