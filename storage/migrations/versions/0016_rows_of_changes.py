"""types for rows of what changes often; a desk in a file takes a row at a time.

Revision 0016, after 0015.
"""

from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

_TYPES = {
    'agent_touch': 'idle_since BIGINT, last_seq BIGINT, of_id BIGINT',
    'conversation_touch': (
        'replied_at BIGINT, last_customer_at BIGINT, last_our_at BIGINT, bot_due BIGINT, '
        'bot_memory TEXT, language TEXT, warned BOOLEAN, of_id BIGINT'
    ),
    'delivery_mark': (
        'state TEXT, attempts INTEGER, due_at BIGINT, error TEXT, changed_at BIGINT, '
        '"of" BIGINT, among TEXT'
    ),
    'identity_touch': 'last_agent BIGINT, last_agent_at BIGINT, of_id BIGINT',
    'membership_touch': 'last_seq BIGINT, of_agent BIGINT, of_queue BIGINT',
}


def upgrade() -> None:
    """Bring the tables forward."""
    if op.get_bind().dialect.name == 'postgresql':
        for name, columns in _TYPES.items():
            op.execute(f'CREATE TYPE {name} AS ({columns})')


def downgrade() -> None:
    """Bring them back."""
    if op.get_bind().dialect.name == 'postgresql':
        for name in _TYPES:
            op.execute(f'DROP TYPE {name}')
