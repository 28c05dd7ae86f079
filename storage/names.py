"""Names in the database that mean something to all of a desk."""

ENGINE = "engine"
"""Who holds this name, one process at a time, decides and writes."""

RESTORED = ("_desk", "restore", "copied_at")
"""The document that a backup has and a desk in use has not: when it was made, in ISO 8601.

While it is there, what was open then may have been sent since.
"""

PUT_BACK = ("_desk", "restore", "put_back")
"""The document that a database in PostgreSQL has which was put back: the name of that restore.

It is written with all the rest: who was killed meanwhile finds out by it what became of it.
"""
