"""bells are rung on PgQueuer's tables; a desk in a file rings in memory.

Revision 0011, after 0010.
"""

from alembic import op

from storage.migrations.pgqueuer import INSTALL, REMOVE

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    _run(INSTALL)


def downgrade() -> None:
    """Bring them back; bells that nobody has heard are forgotten."""
    _run(REMOVE)


def _run(script: str) -> None:
    """All its statements: the driver takes several at once, what stands before it does not."""
    bind = op.get_bind()
    if bind.dialect.name == 'postgresql':
        bind.connection.run_async(lambda driver: driver.execute(script))
