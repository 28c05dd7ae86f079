"""nobody is looked for by an address that was made up for him.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward; so far only the web chat's visitors have such addresses."""
    anonymous: sa.Column[bool] = sa.Column('anonymous', sa.Boolean(), nullable=True)
    if op.get_bind().dialect.name == 'sqlite':
        with op.batch_alter_table('identity', schema=None, recreate='always') as batch_op:
            batch_op.add_column(anonymous, insert_after='last_agent_at')
    else:
        op.add_column('identity', anonymous)
    op.execute("UPDATE identity SET anonymous = (substr(address, 1, 8) = 'visitor:')")
    op.execute("UPDATE identity SET search = substr(search, 1, length(search) - length(address)) WHERE anonymous")
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.alter_column('anonymous', existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    """Bring them back."""
    op.execute("UPDATE identity SET search = search || lower(address) WHERE anonymous")
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.drop_column('anonymous')
