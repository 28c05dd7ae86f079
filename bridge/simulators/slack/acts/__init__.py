"""What people do, and what reaches the apps of it."""
