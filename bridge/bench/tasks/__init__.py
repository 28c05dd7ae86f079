"""What is measured inside one process, without a server."""
