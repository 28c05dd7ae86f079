"""which transactions were found lost.

Revision 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table('written', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lost', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Bring them back."""
    with op.batch_alter_table('written', schema=None) as batch_op:
        batch_op.drop_column('lost')
