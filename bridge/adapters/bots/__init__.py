"""Who talks first: one folder per bot."""
