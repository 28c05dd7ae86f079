"""What adapters share while they are connected, configured and examined."""
