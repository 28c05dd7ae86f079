"""The HTTP surface: adapters' routes, the REST API, health and metrics."""
