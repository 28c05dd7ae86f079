"""What puts a desk together, part by part."""
