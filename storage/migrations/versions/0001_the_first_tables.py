"""the first tables.

Revision 0001, after None.
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table('agent',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('handle', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('alias', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('available', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('available_since', sa.BigInteger(), nullable=True),
    sa.Column('last_seen', sa.BigInteger(), nullable=True),
    sa.Column('idle_since', sa.BigInteger(), nullable=True),
    sa.Column('last_seq', sa.BigInteger(), nullable=False),
    sa.Column('missed', sa.Integer(), nullable=False),
    sa.Column('cool_until', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("role = 'agent' OR role = 'admin'", name=op.f('ck_agent_role')),
    sa.CheckConstraint('capacity >= 0', name=op.f('ck_agent_capacity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agent')),
    sa.UniqueConstraint('handle', name=op.f('uq_agent_handle'))
    )
    op.create_table('contact',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact'))
    )
    op.create_table('delivery',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('lane', sa.Text(), nullable=False),
    sa.Column('side', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('conversation', sa.BigInteger(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('identity', sa.BigInteger(), nullable=True),
    sa.Column('binding', sa.BigInteger(), nullable=True),
    sa.Column('agent', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("side = 'channel' OR side = 'workspace' OR side = 'bot'", name=op.f('ck_delivery_side')),
    sa.CheckConstraint("state = 'pending' OR state = 'sending' OR state = 'sent' OR state = 'unknown' OR state = 'dead' OR state = 'cancelled'", name=op.f('ck_delivery_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery'))
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('bad_deliveries', ['id'], unique=False, sqlite_where=sa.text("state IN ('unknown', 'dead')"), postgresql_where=sa.text("state IN ('unknown', 'dead')"))
        batch_op.create_index('open_deliveries', ['id'], unique=False, sqlite_where=sa.text("state IN ('pending', 'sending')"), postgresql_where=sa.text("state IN ('pending', 'sending')"))

    op.create_table('document',
    sa.Column('adapter', sa.Text(), nullable=False),
    sa.Column('collection', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('adapter', 'collection', 'key', name=op.f('pk_document')),
    sqlite_with_rowid=False
    )
    op.create_table('event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('conversation', sa.BigInteger(), nullable=True),
    sa.Column('agent', sa.BigInteger(), nullable=True),
    sa.Column('queue', sa.BigInteger(), nullable=True),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('data', sa.Text(), nullable=False),
    sa.CheckConstraint("kind = 'contact_created' OR kind = 'conversation_created' OR kind = 'queued' OR kind = 'parked' OR kind = 'handoff_refused' OR kind = 'overflowed' OR kind = 'offered' OR kind = 'offer_accepted' OR kind = 'offer_ended' OR kind = 'assigned' OR kind = 'transferred' OR kind = 'requeued' OR kind = 'priority_changed' OR kind = 'escalated' OR kind = 'ticket_opened' OR kind = 'ticket_changed' OR kind = 'template_sent' OR kind = 'note_added' OR kind = 'not_crossed' OR kind = 'delivery_failed' OR kind = 'delivery_unknown' OR kind = 'delivery_retried' OR kind = 'watched' OR kind = 'ended' OR kind = 'agent_created' OR kind = 'agent_changed' OR kind = 'agent_available' OR kind = 'agent_unavailable' OR kind = 'agent_removed' OR kind = 'queue_created' OR kind = 'queue_changed' OR kind = 'membership_changed' OR kind = 'room_bound' OR kind = 'room_unbound'", name=op.f('ck_event_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_conversation_id'), ['conversation', 'id'], unique=False)

    op.create_table('file',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('mime', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("kind = 'image' OR kind = 'video' OR kind = 'audio' OR kind = 'voice' OR kind = 'document' OR kind = 'sticker'", name=op.f('ck_file_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file'))
    )
    op.create_table('held_reply',
    sa.Column('message', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('conversation', sa.BigInteger(), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('message', name=op.f('pk_held_reply'))
    )
    op.create_table('inbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('done', 'dead')", name=op.f('ck_inbox_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbox'))
    )
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.create_index('dead_letters', ['id'], unique=False, sqlite_where=sa.text("state = 'dead'"), postgresql_where=sa.text("state = 'dead'"))

    op.create_table('inbox_digest',
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_inbox_digest')),
    sqlite_with_rowid=False
    )
    op.create_table('journal',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('adapter', sa.Text(), nullable=False),
    sa.Column('journal', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_journal')),
    sa.UniqueConstraint('adapter', 'journal', 'key', name=op.f('uq_journal_adapter_journal_key'))
    )
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_journal_adapter_journal_seq'), ['adapter', 'journal', 'seq'], unique=False)

    op.create_table('life',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('id BETWEEN 1 AND 1', name=op.f('ck_life_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_life'))
    )
    op.create_table('queue',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('strategy', sa.Text(), nullable=False),
    sa.Column('visibility', sa.Text(), nullable=False),
    sa.Column('names', sa.Text(), nullable=False),
    sa.Column('first_reply_timeout', sa.BigInteger(), nullable=False),
    sa.Column('notify_after', sa.BigInteger(), nullable=False),
    sa.Column('inactivity_timeout', sa.BigInteger(), nullable=False),
    sa.Column('sticky_window', sa.BigInteger(), nullable=False),
    sa.Column('starvation', sa.BigInteger(), nullable=False),
    sa.Column('max_waiting', sa.Integer(), nullable=False),
    sa.Column('max_transfers', sa.Integer(), nullable=False),
    sa.CheckConstraint("names = 'name' OR names = 'alias' OR names = 'brand'", name=op.f('ck_queue_names')),
    sa.CheckConstraint("strategy = 'least_loaded' OR strategy = 'longest_idle' OR strategy = 'round_robin' OR strategy = 'ordered' OR strategy = 'manual'", name=op.f('ck_queue_strategy')),
    sa.CheckConstraint("visibility = 'room' OR visibility = 'assignee'", name=op.f('ck_queue_visibility')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queue')),
    sa.UniqueConstraint('name', name=op.f('uq_queue_name'))
    )
    op.create_table('template',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=True),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('approved', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_template'))
    )
    with op.batch_alter_table('template', schema=None) as batch_op:
        batch_op.create_index('one_local_template', ['name', 'language'], unique=True, sqlite_where=sa.text('channel IS NULL'), postgresql_where=sa.text('channel IS NULL'))
        batch_op.create_index('one_template_per_channel', ['channel', 'name', 'language'], unique=True, sqlite_where=sa.text('channel IS NOT NULL'), postgresql_where=sa.text('channel IS NOT NULL'))

    op.create_table('agent_identity',
    sa.Column('workspace', sa.Text(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('agent', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['agent'], ['agent.id'], name=op.f('fk_agent_identity_agent_agent')),
    sa.PrimaryKeyConstraint('workspace', 'user', name=op.f('pk_agent_identity'))
    )
    with op.batch_alter_table('agent_identity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agent_identity_agent'), ['agent'], unique=False)

    op.create_table('identity',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('contact', sa.BigInteger(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=True),
    sa.Column('last_agent', sa.BigInteger(), nullable=True),
    sa.Column('last_agent_at', sa.BigInteger(), nullable=True),
    sa.Column('search', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['contact'], ['contact.id'], name=op.f('fk_identity_contact_contact')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity'))
    )
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identity_contact'), ['contact'], unique=False)

    op.create_table('membership',
    sa.Column('agent', sa.BigInteger(), nullable=False),
    sa.Column('queue', sa.BigInteger(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('last_seq', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['agent'], ['agent.id'], name=op.f('fk_membership_agent_agent')),
    sa.ForeignKeyConstraint(['queue'], ['queue.id'], name=op.f('fk_membership_queue_queue')),
    sa.PrimaryKeyConstraint('agent', 'queue', name=op.f('pk_membership'))
    )
    op.create_table('room',
    sa.Column('workspace', sa.Text(), nullable=False),
    sa.Column('ref', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('queue', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['queue'], ['queue.id'], name=op.f('fk_room_queue_queue')),
    sa.PrimaryKeyConstraint('workspace', 'ref', name=op.f('pk_room'))
    )
    op.create_table('ticket',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('contact', sa.BigInteger(), nullable=False),
    sa.Column('conversation', sa.BigInteger(), nullable=True),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('opened_by', sa.BigInteger(), nullable=False),
    sa.Column('opened_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['contact'], ['contact.id'], name=op.f('fk_ticket_contact_contact')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket')),
    sa.UniqueConstraint('number', name=op.f('uq_ticket_number'))
    )
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_contact_id'), ['contact', 'id'], unique=False)

    op.create_table('alias',
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('identity', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['identity'], ['identity.id'], name=op.f('fk_alias_identity_identity')),
    sa.PrimaryKeyConstraint('channel', 'address', name=op.f('pk_alias')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('alias', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alias_identity'), ['identity'], unique=False)

    op.create_table('conversation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('identity', sa.BigInteger(), nullable=False),
    sa.Column('contact', sa.BigInteger(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('queue', sa.BigInteger(), nullable=True),
    sa.Column('agent', sa.BigInteger(), nullable=True),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=True),
    sa.Column('assigned_at', sa.BigInteger(), nullable=True),
    sa.Column('replied_at', sa.BigInteger(), nullable=True),
    sa.Column('last_customer_at', sa.BigInteger(), nullable=True),
    sa.Column('last_our_at', sa.BigInteger(), nullable=True),
    sa.Column('bot_due', sa.BigInteger(), nullable=True),
    sa.Column('bot_memory', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('started_by', sa.BigInteger(), nullable=True),
    sa.Column('skips', sa.Text(), nullable=False),
    sa.Column('requeues', sa.Integer(), nullable=False),
    sa.Column('transfers', sa.Integer(), nullable=False),
    sa.Column('notified', sa.Boolean(), nullable=False),
    sa.Column('warned', sa.Boolean(), nullable=False),
    sa.Column('escalated', sa.Boolean(), nullable=False),
    sa.Column('ended_at', sa.BigInteger(), nullable=True),
    sa.Column('end_cause', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f('ck_conversation_end')),
    sa.CheckConstraint("state = 'bot' OR state = 'parked' OR state = 'waiting' OR state = 'offered' OR state = 'assigned' OR state = 'ended'", name=op.f('ck_conversation_state')),
    sa.CheckConstraint('priority BETWEEN 0 AND 3', name=op.f('ck_conversation_priority')),
    sa.ForeignKeyConstraint(['contact'], ['contact.id'], name=op.f('fk_conversation_contact_contact')),
    sa.ForeignKeyConstraint(['identity'], ['identity.id'], name=op.f('fk_conversation_identity_identity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation')),
    sa.UniqueConstraint('number', name=op.f('uq_conversation_number'))
    )
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.create_index('one_open_conversation', ['identity'], unique=True, sqlite_where=sa.text("state <> 'ended'"), postgresql_where=sa.text("state <> 'ended'"))
        batch_op.create_index('open_conversations', ['id'], unique=False, sqlite_where=sa.text("state <> 'ended'"), postgresql_where=sa.text("state <> 'ended'"))
        batch_op.create_index('ended_conversations', ['priority', sa.text('ended_at DESC'), sa.text('id DESC')], unique=False, sqlite_where=sa.text("state = 'ended'"), postgresql_where=sa.text("state = 'ended'"))

    op.create_table('binding',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('conversation', sa.BigInteger(), nullable=False),
    sa.Column('workspace', sa.Text(), nullable=False),
    sa.Column('room', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.BigInteger(), nullable=False),
    sa.Column('thread', sa.Text(), nullable=True),
    sa.Column('private_to', sa.BigInteger(), nullable=True),
    sa.Column('mirrors', sa.Boolean(), nullable=False),
    sa.Column('closed_at', sa.BigInteger(), nullable=True),
    sa.Column('close_cause', sa.Text(), nullable=False),
    sa.CheckConstraint("purpose = 'work' OR purpose = 'waiting' OR purpose = 'monitor'", name=op.f('ck_binding_purpose')),
    sa.ForeignKeyConstraint(['conversation'], ['conversation.id'], name=op.f('fk_binding_conversation_conversation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_binding'))
    )
    with op.batch_alter_table('binding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_binding_conversation'), ['conversation'], unique=False)
        batch_op.create_index('ix_binding_thread', ['thread', 'workspace'], unique=False)
        batch_op.create_index('one_open_binding', ['conversation', 'workspace', 'purpose'], unique=True, sqlite_where=sa.text("closed_at IS NULL AND purpose <> 'waiting'"), postgresql_where=sa.text("closed_at IS NULL AND purpose <> 'waiting'"))
        batch_op.create_index('one_waiting_card_per_room', ['conversation', 'workspace', 'room'], unique=True, sqlite_where=sa.text("closed_at IS NULL AND purpose = 'waiting'"), postgresql_where=sa.text("closed_at IS NULL AND purpose = 'waiting'"))

    op.create_table('hold',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('conversation', sa.BigInteger(), nullable=False),
    sa.Column('agent', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('started_at', sa.BigInteger(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('capacity_at', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', sa.BigInteger(), nullable=True),
    sa.Column('end_cause', sa.Text(), nullable=False),
    sa.CheckConstraint("kind = 'offer' OR kind = 'assignment'", name=op.f('ck_hold_kind')),
    sa.CheckConstraint('slot IS NULL OR slot BETWEEN 1 AND capacity_at', name=op.f('ck_hold_slot')),
    sa.ForeignKeyConstraint(['agent'], ['agent.id'], name=op.f('fk_hold_agent_agent')),
    sa.ForeignKeyConstraint(['conversation'], ['conversation.id'], name=op.f('fk_hold_conversation_conversation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hold_conversation'), ['conversation'], unique=False)
        batch_op.create_index('one_open_hold_per_conversation', ['conversation'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.create_index('one_open_hold_per_slot', ['agent', 'slot'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('conversation', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('agent', sa.BigInteger(), nullable=True),
    sa.Column('internal', sa.Boolean(), nullable=False),
    sa.Column('edited_at', sa.BigInteger(), nullable=True),
    sa.Column('deleted_at', sa.BigInteger(), nullable=True),
    sa.Column('receipt', sa.Integer(), nullable=False),
    sa.Column('receipt_reason', sa.Text(), nullable=False),
    sa.CheckConstraint("author = 'customer' OR author = 'agent' OR author = 'bot' OR author = 'system'", name=op.f('ck_message_author')),
    sa.CheckConstraint('receipt BETWEEN 0 AND 5', name=op.f('ck_message_receipt')),
    sa.ForeignKeyConstraint(['conversation'], ['conversation.id'], name=op.f('fk_message_conversation_conversation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_conversation_id'), ['conversation', 'id'], unique=False)

    op.create_table('message_link',
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('external_id', sa.Text(), nullable=False),
    sa.Column('message', sa.BigInteger(), nullable=False),
    sa.Column('conversation', sa.BigInteger(), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['message'], ['message.id'], name=op.f('fk_message_link_message_message')),
    sa.PrimaryKeyConstraint('scope', 'external_id', name=op.f('pk_message_link')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('message_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_link_message'), ['message'], unique=False)



def downgrade() -> None:
    """Bring them back."""
    with op.batch_alter_table('message_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_link_message'))

    op.drop_table('message_link')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_conversation_id'))

    op.drop_table('message')
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.drop_index('one_open_hold_per_slot', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('one_open_hold_per_conversation', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_hold_conversation'))

    op.drop_table('hold')
    with op.batch_alter_table('binding', schema=None) as batch_op:
        batch_op.drop_index('one_waiting_card_per_room', sqlite_where=sa.text("closed_at IS NULL AND purpose = 'waiting'"), postgresql_where=sa.text("closed_at IS NULL AND purpose = 'waiting'"))
        batch_op.drop_index('one_open_binding', sqlite_where=sa.text("closed_at IS NULL AND purpose <> 'waiting'"), postgresql_where=sa.text("closed_at IS NULL AND purpose <> 'waiting'"))
        batch_op.drop_index('ix_binding_thread')
        batch_op.drop_index(batch_op.f('ix_binding_conversation'))

    op.drop_table('binding')
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.drop_index('ended_conversations')
        batch_op.drop_index('open_conversations', sqlite_where=sa.text("state <> 'ended'"), postgresql_where=sa.text("state <> 'ended'"))
        batch_op.drop_index('one_open_conversation', sqlite_where=sa.text("state <> 'ended'"), postgresql_where=sa.text("state <> 'ended'"))

    op.drop_table('conversation')
    with op.batch_alter_table('alias', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alias_identity'))

    op.drop_table('alias')
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_contact_id'))

    op.drop_table('ticket')
    op.drop_table('room')
    op.drop_table('membership')
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_identity_contact'))

    op.drop_table('identity')
    with op.batch_alter_table('agent_identity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agent_identity_agent'))

    op.drop_table('agent_identity')
    with op.batch_alter_table('template', schema=None) as batch_op:
        batch_op.drop_index('one_template_per_channel', sqlite_where=sa.text('channel IS NOT NULL'), postgresql_where=sa.text('channel IS NOT NULL'))
        batch_op.drop_index('one_local_template', sqlite_where=sa.text('channel IS NULL'), postgresql_where=sa.text('channel IS NULL'))

    op.drop_table('template')
    op.drop_table('queue')
    op.drop_table('life')
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_journal_adapter_journal_seq'))

    op.drop_table('journal')
    op.drop_table('inbox_digest')
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.drop_index('dead_letters', sqlite_where=sa.text("state = 'dead'"), postgresql_where=sa.text("state = 'dead'"))

    op.drop_table('inbox')
    op.drop_table('held_reply')
    op.drop_table('file')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_conversation_id'))

    op.drop_table('event')
    op.drop_table('document')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index('open_deliveries', sqlite_where=sa.text("state IN ('pending', 'sending')"), postgresql_where=sa.text("state IN ('pending', 'sending')"))
        batch_op.drop_index('bad_deliveries', sqlite_where=sa.text("state IN ('unknown', 'dead')"), postgresql_where=sa.text("state IN ('unknown', 'dead')"))

    op.drop_table('delivery')
    op.drop_table('contact')
    op.drop_table('agent')
