"""conversations that ended have an index by queue and one by channel.

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

_ENDED = sa.text('ended_at IS NOT NULL')
_INDEXES = {'ended_of_channel': 'channel', 'ended_of_queue': 'queue'}


def upgrade() -> None:
    """Bring the tables forward."""
    for name, column in _INDEXES.items():
        op.create_index(
            name,
            'conversation',
            [column, 'priority', sa.text('ended_at DESC'), sa.text('id DESC')],
            unique=False,
            sqlite_where=_ENDED,
            postgresql_where=_ENDED,
        )


def downgrade() -> None:
    """Bring them back."""
    for name in _INDEXES:
        op.drop_index(name, table_name='conversation')
