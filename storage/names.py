"""Names in the database that mean something to all of a desk."""

ENGINE = "engine"
"""Who holds this name, one process at a time, decides and writes."""

RESTORED = ("_desk", "restore", "copied_at")
"""The document that a backup has and a desk in use has not: when it was made, in ISO 8601.

While it is there, what was open then may have been sent since.
"""
