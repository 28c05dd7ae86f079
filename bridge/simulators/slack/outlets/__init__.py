"""How events and interactions reach an app: over HTTP or over a socket."""
