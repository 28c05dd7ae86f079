"""How the tables came to be, revision by revision; shipped inside the package."""

HEAD = "0017"
"""The newest revision, known without importing Alembic."""
