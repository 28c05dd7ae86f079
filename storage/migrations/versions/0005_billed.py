"""what platforms bill is counted.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table('billed',
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('external_id', sa.Text(), nullable=False),
    sa.Column('conversation', sa.BigInteger(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'external_id', name=op.f('pk_billed')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('billed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_billed_conversation'), ['conversation'], unique=False)


def downgrade() -> None:
    """Bring them back."""
    with op.batch_alter_table('billed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_billed_conversation'))
    op.drop_table('billed')
