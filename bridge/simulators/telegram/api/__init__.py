"""What bots can call, one module for each concern."""
