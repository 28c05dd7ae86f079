"""One desk on several machines: each is a network namespace with addresses of its own."""
