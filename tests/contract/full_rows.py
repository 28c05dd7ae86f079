"""One of everything that is stored, with every field filled."""

from bridge.domain.agent import Agent, AgentIdentity, Membership, Role
from bridge.domain.binding import Binding, Purpose
from bridge.domain.contact import Contact, Identity, Refuses
from bridge.domain.content import (
    Choice,
    ContactCard,
    Content,
    File,
    FileKind,
    Location,
    Quote,
    TemplateUse,
)
from bridge.domain.conversation import Conversation, Hold, HoldKind, Priority, Skip, State
from bridge.domain.delivery import Delivery, DeliveryState, PostLine, Side
from bridge.domain.events import Actor, ActorKind, Event, EventKind
from bridge.domain.held import HeldReply
from bridge.domain.hours import read_hours
from bridge.domain.ids import (
    Address,
    AgentId,
    BindingId,
    ContactId,
    ConversationId,
    DeliveryId,
    EventId,
    FileId,
    HoldId,
    IdentityId,
    Language,
    MessageId,
    PublicId,
    QueueId,
    RoomRef,
    TemplateId,
    ThreadRef,
    WorkspaceUserId,
)
from bridge.domain.message import Author, Message, Receipt
from bridge.domain.queue import (
    Alert,
    AlertTo,
    ClosedPolicy,
    NamePolicy,
    Order,
    OverflowEnd,
    Queue,
    Room,
    Strategy,
    Visibility,
)
from bridge.domain.template import Takes, Template, Variable
from bridge.domain.text import Bold, Paragraph, Plain
from bridge.ports.store import Entity
from tests.contract import rows


def full_agent() -> Agent:
    """An agent of whom everything is known."""
    return Agent(
        id=AgentId(rows.new_id()),
        handle="ana",
        name="Ana Bragança",
        role=Role.ADMIN,
        email="ana@example.org",
        alias="Aninha",
        active=False,
        available=True,
        reason="almoço",
        capacity=7,
        language=Language("pt_BR"),
        available_since=rows.at(1),
        last_seen=rows.at(2),
        idle_since=rows.at(3),
        last_seq=2**40,
        missed=2,
        cool_until=rows.at(4),
    )


def full_queue() -> Queue:
    """A queue in which nothing is as usual."""
    return Queue(
        id=QueueId(rows.new_id()),
        name="vendas",
        title="Vendas",
        active=False,
        strategy=Strategy.MANUAL,
        visibility=Visibility.ASSIGNEE,
        names=NamePolicy.BRAND,
        first_reply_timeout=1,
        notify_after=2,
        inactivity_timeout=3,
        sticky_window=4,
        starvation=5,
        max_waiting=6,
        max_transfers=7,
        order=Order.TARGET,
        specialist_first=False,
        require_connected=True,
        sticky_wait=8,
        escalate_after=9,
        offer_timeout=10,
        max_wait=11,
        overflow=(QueueId(12), QueueId(13)),
        overflow_end=OverflowEnd.BOT,
        hours=read_hours("mon-fri 08:00-12:00 13:00-18:00, 2026-12-24 closed, UTC, BR-SP"),
        closed_policy=ClosedPolicy.OVERFLOW,
        wait_target=14,
        reply_target=15,
        alerts=(Alert(percent=80, to=AlertTo.ADMINS),),
        tell_waiting=16,
        targets={Priority.HIGH: 17},
    )


def full_identity(contact: Contact) -> Identity:
    """An identity of which everything is known."""
    return Identity(
        id=IdentityId(rows.new_id()),
        contact=contact.id,
        channel=rows.WEB,
        address=Address("visitor-9"),
        name="João",
        language=Language("pt_BR"),
        last_agent=5,
        last_agent_at=rows.at(9),
        anonymous=True,
        certain=Address("BR.9"),
        heard_at=rows.at(8),
        merged=IdentityId(7),
        refuses=Refuses.MARKETING,
    )


def full_conversation(identity: Identity) -> Conversation:
    """A conversation with everything but an end."""
    return Conversation(
        id=ConversationId(rows.new_id()),
        number=1042,
        public_id=PublicId("f" * 32),
        identity=identity.id,
        contact=identity.contact,
        channel=rows.WEB,
        opened_at=rows.at(1),
        state=State.ASSIGNED,
        queue=QueueId(2),
        agent=AgentId(3),
        priority=Priority.URGENT,
        epoch=4,
        since=rows.at(5),
        assigned_at=rows.at(6),
        replied_at=rows.at(7),
        last_customer_at=rows.at(8),
        last_our_at=rows.at(9),
        bot_due=rows.at(10),
        bot_memory='{"menu": "início"}',
        reason="quer falar com alguém",
        summary="pedido 7",
        language=Language("pt_BR"),
        started_by=AgentId(3),
        skips=(Skip(agent=AgentId(8), until=rows.at(99)),),
        requeues=1,
        transfers=2,
        notified=True,
        warned=True,
        escalated=True,
        widened=(QueueId(3), QueueId(4)),
        alerts=2,
        told_place=3,
        told_at=rows.at(11),
        answered_at=rows.at(12),
    )


def full_content() -> Content:
    """Everything one line may carry."""
    return Content(
        text=(Paragraph(spans=(Plain(text="ção \0 😀 \"'"), Bold(spans=(Plain(text="b"),)))),),
        files=(File(id=FileId("0" * 32), kind=FileKind.IMAGE, mime="image/png", size=9, name="a"),),
        quote=Quote(message=MessageId(1), author="Bia", excerpt="…"),
        choices=(Choice(id="1", label="Sim"),),
        chosen="1",
        location=Location(latitude=-23.5, longitude=-46.6, name="Sé", address="Praça"),
        contact_card=ContactCard(name="Zé", phones=("+5511",), emails=("z@example.org",)),
        template=TemplateUse(name="hi", language="pt_BR", variables=("Bia",)),
    )


def full_line(of: Conversation) -> Message:
    """A line that was edited, deleted and failed."""
    return Message(
        id=MessageId(rows.new_id()),
        conversation=of.id,
        at=rows.at(1),
        author=Author.AGENT,
        name="Ana",
        content=full_content(),
        agent=AgentId(3),
        internal=True,
        edited_at=rows.at(2),
        deleted_at=rows.at(3),
        receipt=Receipt.FAILED,
        receipt_reason="no such number",
    )


def full_delivery(of: Message) -> Delivery:
    """A promise with everything."""
    return Delivery(
        id=DeliveryId(rows.new_id()),
        lane="thread:7",
        side=Side.WORKSPACE,
        place="local",
        conversation=of.conversation,
        body=PostLine(
            message=of.id,
            content=of.content,
            author=of.author,
            name="Ana",
            part=1,
            mentions=(WorkspaceUserId("u1"),),
            called="Bo",
            quoted=MessageId(1),
        ),
        created_at=rows.at(1),
        identity=IdentityId(2),
        binding=BindingId(3),
        agent=AgentId(4),
        state=DeliveryState.SENDING,
        attempts=2,
        due_at=rows.at(5),
        error="timed out",
    )


def full_event(of: Conversation) -> Event:
    """A fact with everything."""
    return Event(
        id=EventId(rows.new_id()),
        at=rows.at(1),
        kind=EventKind.TRANSFERRED,
        actor=Actor(
            kind=ActorKind.TOKEN,
            name="reports",
            agent=AgentId(1),
            scopes=frozenset({"read"}),
            channel="web",
        ),
        conversation=of.id,
        agent=AgentId(2),
        queue=QueueId(3),
        cause="asked",
        data={"from": "ana", "to": "vendas"},
    )


def full_template() -> Template:
    """A template with every field set."""
    return Template(
        id=TemplateId(rows.new_id()),
        name="hi",
        language="pt_BR",
        body="Oi {{name}}",
        channel=rows.WEB,
        category="marketing",
        approved=False,
        special=(Variable(name="button_1", takes=Takes.LINK_END, about="Track"),),
    )


def full_binding(talk: Conversation, agent: Agent) -> Binding:
    """A private, mirroring monitor thread."""
    return Binding(
        id=BindingId(rows.new_id()),
        conversation=talk.id,
        workspace=rows.LOCAL,
        room=RoomRef("vendas"),
        purpose=Purpose.MONITOR,
        opened_at=rows.at(1),
        thread=ThreadRef("t1"),
        private_to=agent.id,
        mirrors=True,
    )


def full_desk() -> list[Entity]:
    """One entity of every kind, all of them open and tied to one another."""
    contact = Contact(id=ContactId(rows.new_id()), name="João", created_at=rows.at(1))
    identity = full_identity(contact)
    talk = full_conversation(identity)
    ana, sales = full_agent(), full_queue()
    said = full_line(talk)
    return [
        contact,
        identity,
        talk,
        ana,
        sales,
        AgentIdentity(workspace=rows.LOCAL, user=WorkspaceUserId("u1"), agent=ana.id),
        Membership(agent=ana.id, queue=sales.id, level=2, last_seq=2**40, position=3),
        Room(workspace=rows.LOCAL, ref=RoomRef("vendas"), title="Vendas", queue=sales.id),
        full_template(),
        Hold(
            id=HoldId(rows.new_id()),
            conversation=talk.id,
            agent=ana.id,
            kind=HoldKind.OFFER,
            cause="offered",
            started_at=rows.at(1),
            slot=3,
            capacity_at=7,
            expires_at=rows.at(2),
        ),
        full_binding(talk, ana),
        HeldReply(message=said.id, conversation=talk.id, due_at=rows.at(9)),
        rows.ticket(contact, closed=True),
    ]
