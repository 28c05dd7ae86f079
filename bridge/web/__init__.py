"""The HTTP side: adapters' routes, the API, health, metrics and a page that shows the way."""
