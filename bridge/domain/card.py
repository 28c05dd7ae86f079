"""What a conversation's card shows; the same facts on every workspace."""

from bridge.domain.conversation import Priority, State
from bridge.domain.ids import Instant, Language
from bridge.domain.message import Author, Receipt
from bridge.domain.ticket import Ticket
from bridge.domain.value import Value


class CardLine(Value):
    """One of the last lines, shown while the conversation waits."""

    author: Author
    name: str
    excerpt: str


class CardAction(Value):
    """A button: the command it runs (without slash) and whether it is the main one.

    `label` is a catalogue key; empty means the command's own title.
    """

    command: str
    primary: bool = False
    label: str = ""
    arguments: dict[str, str] = {}


class ConversationCard(Value):
    """Everything a card says. Words are the adapter's: it has the catalogue and a language.

    `dot` is true while active (green), false when ended (brown). `window_until` None means that
    the channel has no reply window. `moved_to` is the thread, in the same workspace, where a closed
    one goes on. `opens` says when the queue opens for which it is kept, worded for the reader
    in the queue's own time. `overdue_since`: a promised time has passed then.
    """

    number: int
    state: State
    customer: str
    channel: str
    language: Language
    address: str = ""
    """What people know the customer by there, such as his number; nothing that was made up."""
    queue: str = ""
    agent: str = ""
    priority: Priority = Priority.NORMAL
    waiting_since: Instant | None = None
    window_until: Instant | None = None
    reason: str = ""
    summary: str = ""
    lines: tuple[CardLine, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    receipt: Receipt = Receipt.NONE
    actions: tuple[CardAction, ...] = ()
    moved_to: str = ""
    opens: str = ""
    overdue_since: Instant | None = None

    @property
    def dot(self) -> bool:
        """Green or brown."""
        return self.state is not State.ENDED
