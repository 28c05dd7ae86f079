"""customers may want no marketing, or nothing at all.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

_WORDS = ('nothing', 'marketing', 'everything')


def upgrade() -> None:
    """Bring the tables forward."""
    either = ' OR '.join(f"refuses = '{word}'" for word in _WORDS)
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('refuses', sa.Text(), server_default='nothing', nullable=False)
        )
        batch_op.create_check_constraint(batch_op.f('ck_identity_refuses'), either)


def downgrade() -> None:
    """Bring them back; what customers wish is forgotten."""
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_identity_refuses'), type_='check')
        batch_op.drop_column('refuses')
