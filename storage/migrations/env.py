"""What Alembic runs: our tables, over the connection it was given."""

from alembic import context

from bridge.ports.failpoints import failpoint
from storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
    failpoint("migration.made")
