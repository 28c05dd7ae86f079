"""What people ask to be shown."""
