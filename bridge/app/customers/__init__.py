"""A customer's data: found, given to him whole, and erased."""
