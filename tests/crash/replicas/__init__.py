"""Several processes of one desk on one PostgreSQL: who leads is taken away, again and again."""
