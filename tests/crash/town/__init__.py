"""A town of simulated platforms around one desk that is killed again and again."""
