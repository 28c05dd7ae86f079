"""queues have hours, offers, overflow and promised times; waits remember what was done about them.

Revision 0004, after 0003.
"""

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

_ALERTS = '[[75,"agent"],[100,"queue"],[150,"admins"]]'

# Column, type, and what it is in rows that were there before.
_QUEUE = (
    ('ordered_by', sa.Text(), 'strict'),
    ('specialist_first', sa.Boolean(), True),
    ('require_connected', sa.Boolean(), False),
    ('sticky_wait', sa.BigInteger(), 0),
    ('escalate_after', sa.BigInteger(), 0),
    ('offer_timeout', sa.BigInteger(), 0),
    ('max_wait', sa.BigInteger(), 0),
    ('overflow', sa.Text(), '[]'),
    ('overflow_end', sa.Text(), 'wait'),
    ('hours', sa.Text(), None),
    ('closed_policy', sa.Text(), 'park'),
    ('wait_target', sa.BigInteger(), 0),
    ('reply_target', sa.BigInteger(), 0),
    ('alerts', sa.Text(), _ALERTS),
    ('tell_waiting', sa.BigInteger(), 0),
    ('targets', sa.Text(), '{}'),
)
_CONVERSATION = (
    ('widened', sa.Text(), '[]'),
    ('alerts', sa.Integer(), '0'),
    ('told_place', sa.Integer(), '0'),
    ('told_at', sa.BigInteger(), None),
    ('answered_at', sa.BigInteger(), None),
)
_CHECKS = (
    ('ordered_by', ('strict', 'target')),
    ('overflow_end', ('wait', 'bot')),
    ('closed_policy', ('park', 'refuse', 'overflow')),
)


def _whole() -> Literal['always', 'auto']:
    """Only on SQLite a table is made anew, which it would be for each new constraint, too."""
    return 'always' if op.get_bind().dialect.name == 'sqlite' else 'auto'


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table('queue', schema=None, recreate=_whole()) as batch_op:
        for name, kind, _ in _QUEUE:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    table = sa.table('queue', *(sa.column(name, kind) for name, kind, _ in _QUEUE))
    op.execute(sa.update(table).values({name: value for name, _, value in _QUEUE}))
    with op.batch_alter_table('queue', schema=None) as batch_op:
        for name, kind, value in _QUEUE:
            if value is not None:
                batch_op.alter_column(name, existing_type=kind, nullable=False)
        for name, words in _CHECKS:
            either = ' OR '.join(f"{name} = '{word}'" for word in words)
            batch_op.create_check_constraint(batch_op.f(f'ck_queue_{name}'), either)
    for name, number, first in _CONVERSATION:
        op.add_column('conversation', sa.Column(name, number, nullable=first is None, server_default=first))


def downgrade() -> None:
    """Bring the tables back; what only they know is forgotten."""
    for added, _, _ in reversed(_CONVERSATION):
        op.drop_column('conversation', added)
    with op.batch_alter_table('queue', schema=None) as batch_op:
        for name, _ in _CHECKS:
            batch_op.drop_constraint(batch_op.f(f'ck_queue_{name}'), type_='check')
        for name, _, _ in reversed(_QUEUE):
            batch_op.drop_column(name)
