"""What people do on their screens."""
