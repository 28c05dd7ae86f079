"""What the database itself refuses, whatever the engine believes."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from bridge.domain.agent import Agent, AgentIdentity
from bridge.domain.binding import Binding, Purpose
from bridge.domain.contact import Contact, Identity
from bridge.domain.conversation import Conversation, State
from bridge.domain.ids import AgentId, ChannelId, ContactId, TemplateId, ThreadRef, WorkspaceUserId
from bridge.domain.message import Message
from bridge.domain.queue import Queue
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.ports.store import Changes, CommitRefused
from storage import Database
from tests.contract import rows
from tests.contract.rows import LOCAL, put


@dataclass(frozen=True)
class World:
    """What is stored before the batch that is refused."""

    contact: Contact
    identity: Identity
    talk: Conversation
    other: Conversation
    ana: Agent
    bob: Agent
    queue: Queue
    line: Message
    work: Binding
    card: Binding
    ticket: Ticket


async def stored_world(database: Database) -> World:
    contact, identity = rows.customer()
    second, second_identity = rows.customer()
    talk, other = rows.conversation(identity), rows.conversation(second_identity)
    world = World(
        contact=contact,
        identity=identity,
        talk=talk,
        other=other,
        ana=rows.agent("ana"),
        bob=rows.agent("bob"),
        queue=rows.queue("vendas"),
        line=rows.line(talk),
        work=rows.binding(talk, thread="t1"),
        card=rows.binding(talk, Purpose.WAITING),
        ticket=rows.ticket(contact),
    )
    changes = put(
        *(contact, identity, second, second_identity, talk, other, world.ana, world.bob),
        *(world.queue, world.work, world.card, world.ticket, rows.hold(talk, world.ana)),
        AgentIdentity(workspace=LOCAL, user=WorkspaceUserId("u1"), agent=world.ana.id),
        template("oi"),
        template("zap", ChannelId("zap")),
    )
    changes.messages.append(world.line)
    changes.links.append(rows.link(world.line, "wamid.1"))
    await database.store.commit(changes)
    return world


def template(name: str, channel: ChannelId | None = None) -> Template:
    """A new template."""
    return Template(
        id=TemplateId(rows.new_id()), name=name, language="pt_BR", body="Oi", channel=channel
    )


# What is refused, and what SQLite or PostgreSQL says then.
REFUSED: dict[str, tuple[str, Callable[[World], Changes]]] = {
    "a second open hold of a conversation": (
        "hold.conversation|one_open_hold_per_conversation",
        lambda w: put(rows.hold(w.talk, w.bob, slot=2)),
    ),
    "a slot taken twice": (
        "hold.agent, hold.slot|one_open_hold_per_slot",
        lambda w: put(rows.hold(w.other, w.ana)),
    ),
    "a slot above the capacity": ("ck_hold_slot", lambda w: put(rows.hold(w.other, w.bob, 6))),
    "a slot of zero": ("ck_hold_slot", lambda w: put(rows.hold(w.other, w.bob, 0))),
    "a second open conversation of an identity": (
        "conversation.identity|one_open_conversation",
        lambda w: put(rows.conversation(w.identity)),
    ),
    "a number given twice": (
        "conversation.number|uq_conversation_number",
        lambda w: put(rows.conversation(w.identity, state=State.ENDED, number=w.other.number)),
    ),
    "an end without a moment": (
        "ck_conversation_end",
        lambda w: put(replace(w.talk, state=State.ENDED)),
    ),
    "a moment without an end": (
        "ck_conversation_end",
        lambda w: put(replace(w.talk, ended_at=rows.at(20))),
    ),
    "a second working thread in a workspace": (
        "binding.conversation, binding.workspace, binding.purpose|one_open_binding",
        lambda w: put(rows.binding(w.talk, room="elsewhere")),
    ),
    "a second card in a room": (
        "binding.conversation, binding.workspace, binding.room|one_waiting_card_per_room",
        lambda w: put(rows.binding(w.talk, Purpose.WAITING)),
    ),
    "a handle given twice": ("agent.handle|uq_agent_handle", lambda w: put(rows.agent("ana"))),
    "a capacity below zero": ("ck_agent_capacity", lambda w: put(replace(w.ana, capacity=-1))),
    "a queue's name given twice": ("queue.name|uq_queue_name", lambda w: put(rows.queue("vendas"))),
    "a case's number given twice": (
        "ticket.number|uq_ticket_number",
        lambda w: put(replace(rows.ticket(w.contact), number=w.ticket.number)),
    ),
    "a local template twice": ("template.name|one_local_template", lambda _: put(template("oi"))),
    "a channel's template twice": (
        "template.channel|one_template_per_channel",
        lambda _: put(template("zap", ChannelId("zap"))),
    ),
    "an external id of another line": (
        'message_link.message|"message" of relation "message_link"',
        lambda w: said(rows.line(w.talk), "wamid.1"),
    ),
    "a line written twice": ("message.id|pk_message", lambda w: Changes(messages=[w.line])),
    "a line of no conversation": (
        "(?i)FOREIGN KEY",
        lambda w: Changes(messages=[rows.line(rows.conversation(w.identity))]),
    ),
    "a conversation of nobody": (
        "(?i)FOREIGN KEY",
        lambda w: put(rows.conversation(rows.customer()[1])),
    ),
    "an identity of nobody": (
        "(?i)FOREIGN KEY",
        lambda w: put(replace(w.identity, contact=ContactId(1))),
    ),
    "a hold of nobody": ("(?i)FOREIGN KEY", lambda w: put(rows.hold(w.other, rows.agent()))),
    "a user who is no agent": (
        "(?i)FOREIGN KEY",
        lambda _: put(AgentIdentity(workspace=LOCAL, user=WorkspaceUserId("u2"), agent=AgentId(1))),
    ),
    "taking away an agent who holds something": ("(?i)FOREIGN KEY", lambda w: rows.remove(w.ana)),
}


def said(line: Message, external_id: str) -> Changes:
    """A new line with a name outside."""
    return Changes(messages=[line], links=[rows.link(line, external_id)])


@pytest.mark.parametrize("name", REFUSED)
async def test_the_database_refuses(either: Database, name: str) -> None:
    world = await stored_world(either)
    reason, violate = REFUSED[name]
    changes = violate(world)
    changes.inbox.append(rows.inbox("a"))

    with pytest.raises(CommitRefused, match=reason):
        await either.store.commit(changes)

    await either.store.commit(Changes(inbox=[rows.inbox("a")]))  # nothing of it was written


async def test_a_thread_may_serve_one_binding_after_another(either: Database) -> None:
    world = await stored_world(either)
    closed = replace(world.work, closed_at=rows.at(20))
    again = rows.binding(world.talk, thread="t1")

    await either.store.commit(put(closed, again))

    assert again.thread == ThreadRef("t1")
    assert await either.reads.bindings(world.talk.id) == [closed, world.card, again]
