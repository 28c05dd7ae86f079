"""HTTP: the REST interface, the CDN and the control surface."""
