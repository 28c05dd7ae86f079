"""entries that are handed in with an event are in no index of keys.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

_APPENDED = sa.text('NOT handed_in')


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column('journal', sa.Column('handed_in', sa.Boolean(), nullable=True))
    op.execute('UPDATE journal SET handed_in = false')
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.alter_column('handed_in', existing_type=sa.Boolean(), nullable=False)
        batch_op.drop_constraint(batch_op.f('uq_journal_adapter_journal_key'), type_='unique')
        batch_op.create_index('one_entry_per_key', ['adapter', 'journal', 'key'], unique=True, sqlite_where=_APPENDED, postgresql_where=_APPENDED)


def downgrade() -> None:
    """Bring the tables back; of entries with the same key the oldest stays."""
    op.execute('DELETE FROM journal WHERE seq NOT IN (SELECT min(seq) FROM journal GROUP BY adapter, journal, key)')
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.drop_index('one_entry_per_key', sqlite_where=_APPENDED, postgresql_where=_APPENDED)
        batch_op.create_unique_constraint(batch_op.f('uq_journal_adapter_journal_key'), ['adapter', 'journal', 'key'])
        batch_op.drop_column('handed_in')
