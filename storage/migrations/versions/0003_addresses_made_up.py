"""nobody is looked for by an address that was made up for him.

Revision 0003, after 0002.
"""

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def _whole() -> Literal['always', 'auto']:
    """Only on SQLite a table is made anew, for columns to stand where new databases have them."""
    return 'always' if op.get_bind().dialect.name == 'sqlite' else 'auto'


def upgrade() -> None:
    """Bring the tables forward; so far only the web chat's visitors have such addresses."""
    with op.batch_alter_table('identity', schema=None, recreate=_whole()) as batch_op:
        batch_op.add_column(sa.Column('anonymous', sa.Boolean(), nullable=True), insert_after='last_agent_at')
    op.execute("UPDATE identity SET anonymous = (substr(address, 1, 8) = 'visitor:')")
    op.execute("UPDATE identity SET search = substr(search, 1, length(search) - length(address)) WHERE anonymous")
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.alter_column('anonymous', existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    """Bring them back."""
    op.execute("UPDATE identity SET search = search || lower(address) WHERE anonymous")
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.drop_column('anonymous')
