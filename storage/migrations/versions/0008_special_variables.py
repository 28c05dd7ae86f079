"""templates have variables that take no plain words.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table('template', schema=None) as batch_op:
        batch_op.add_column(sa.Column('special', sa.Text(), server_default='[]', nullable=False))


def downgrade() -> None:
    """Bring them back."""
    with op.batch_alter_table('template', schema=None) as batch_op:
        batch_op.drop_column('special')
