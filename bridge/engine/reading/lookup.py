"""What a delivery is about: from memory where it is still there, else from the database."""

from bridge.domain.binding import Binding
from bridge.domain.contact import Contact, Identity
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import Delivery
from bridge.domain.errors import NotFound
from bridge.domain.ids import ContactId, ConversationId, ExternalId, IdentityId, MessageId
from bridge.domain.ticket import Ticket
from bridge.engine.state.desk import Desk
from bridge.ports.store import Reads


class Lookup:
    """Finds what belongs to a delivery, though its conversation may have ended meanwhile."""

    def __init__(self, desk: Desk, reads: Reads) -> None:
        """Memory first, then the database."""
        self.desk = desk
        self.reads = reads

    async def conversation(self, conversation: ConversationId) -> Conversation:
        """The conversation. Raises `NotFound`."""
        found = self.desk.conversation(conversation) or await self.reads.find(conversation)
        if found is None:
            raise NotFound(f"conversation {conversation} is gone")
        return found

    async def binding(self, delivery: Delivery) -> Binding:
        """The binding of a call in a thread. Raises `NotFound`."""
        if delivery.binding is not None:
            found = self.desk.bindings.get(delivery.binding)
            if found is not None:
                return found
            for binding in await self.reads.bindings(delivery.conversation):
                if binding.id == delivery.binding:
                    return binding
        raise NotFound(f"delivery {delivery.id} has no thread")

    async def identity(self, identity: IdentityId) -> Identity:
        """The customer on his channel. Raises `NotFound`."""
        found = self.desk.identity(identity)
        if found is None:
            found = (await self.reads.identities([identity])).get(identity)
        if found is None:
            raise NotFound(f"identity {identity} is gone")
        return found

    async def contact(self, contact: ContactId) -> Contact | None:
        """The customer."""
        return (await self.reads.contacts([contact])).get(contact)

    async def tickets(self, contact: ContactId) -> tuple[Ticket, ...]:
        """The customer's open cases, newest first."""
        found = self.desk.tickets(contact) or await self.reads.tickets(contact)
        return tuple(sorted((t for t in found if not t.closed), key=lambda t: -t.number))

    async def external_id(
        self, message: MessageId | None, scope: str, part: int = 0
    ) -> ExternalId | None:
        """What one side calls a line; None: it never got there."""
        if message is None:
            return None
        for link in await self.reads.links(message, scope):
            if link.part == part:
                return link.external_id
        return None
