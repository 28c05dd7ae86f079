"""What the simulated Graph answers, by what it is asked about."""
