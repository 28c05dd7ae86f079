"""two customers may turn out to be one, and when each wrote last is kept beside his conversations.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('certain', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('heard_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('merged', sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Bring them back."""
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.drop_column('merged')
        batch_op.drop_column('heard_at')
        batch_op.drop_column('certain')
