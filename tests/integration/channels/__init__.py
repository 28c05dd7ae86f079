"""Real channels through a whole desk, under what their platforms do at their worst."""
